import { describe, expect, it } from 'vitest';
import { checkLabels, designPoints, levelLabel } from '../../../src/experiment/design-points.js';
import { readExperiment } from '../../../src/experiment/experiment-file.js';
import { changed, STUDY, studyFile } from './study-text.js';

describe('design points', () => {
  it('are every combination of levels, the last factor changing fastest', () => {
    const points = [...designPoints(readExperiment(studyFile(STUDY)))];
    expect(points.map(({ point, levels }) => [point, ...levels])).toEqual([
      [1, 0, 0],
      [2, 0, 1],
      [3, 1, 0],
      [4, 1, 1],
    ]);
    expect(points[2].value).toMatchObject({
      placement: 'cells',
      infrastructure: { 'rtt-scale': 0.5, 'computes-per-site': 1 },
    });
  });

  it('are one where there are no factors', () => {
    const text = STUDY.slice(0, STUDY.indexOf('factors:'));
    expect([...designPoints(readExperiment(studyFile(text)))]).toHaveLength(1);
  });

  it('set a field inside a factor after the factor', () => {
    const text = changed(
      '  placement: [centralized, cells]',
      '  placement.params.workers: [2]\n  placement: [centralized, cells]',
    );
    const points = [...designPoints(readExperiment(studyFile(text)))];
    expect(points[3].value.placement).toEqual({ model: 'cells', params: { workers: 2 } });
  });

  it('are refused where they are too many', () => {
    const levels = Array.from({ length: 1000 }, (_, i) => i + 1).join(', ');
    const text = changed(
      '[0.5, 1]',
      `[${levels}]\n  infrastructure.computes-per-site: [${levels}]`,
    );
    expect(() => [...designPoints(readExperiment(studyFile(text)))]).toThrow(
      /study\.yaml:\d+: field "factors": 2000000 design points with 2 replications are more than/,
    );
  });

  it('have labels that tell levels apart', () => {
    const path = ['placement'];
    expect(levelLabel(path, 'cells')).toBe('cells');
    expect(levelLabel(path, './my-model.ts', 'my-model')).toBe('my-model');
    expect(levelLabel(path, { model: 'cells', params: { per: 'site', regions: 2 } }, 'cells')).toBe(
      'cells(per=site, regions=2)',
    );
    expect(levelLabel(['infrastructure', 'topology'], 'maps/Geant.graphml')).toBe('Geant');
    expect(
      levelLabel(['infrastructure', 'topology'], { generator: 'ring', params: { sites: 8 } }),
    ).toBe('ring(sites=8)');
    expect(levelLabel(['workload', 0, 'from'], ['paris', 'lyon'])).toBe('["paris","lyon"]');
    const file = readExperiment(studyFile(STUDY));
    expect(() => checkLabels(file, file.factors[0], ['cells', 'cells'])).toThrow(
      /study\.yaml:19: factor "placement": the level "cells" is there twice/,
    );
  });
});
