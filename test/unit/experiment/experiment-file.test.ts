import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseOverride, readExperiment } from '../../../src/experiment/experiment-file.js';
import { UserError } from '../../../src/experiment/user-error.js';
import { changed, STUDY, studyFile } from './study-text.js';

/** The message of the mistake, without the folder of the file. */
function mistake(text: string | Uint8Array, ...sets: string[]): string {
  const file = studyFile('');
  writeFileSync(file, text);
  try {
    readExperiment(file, sets.map(parseOverride));
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return (error as Error).message.replaceAll(file, basename(file));
  }
  throw new Error('the study was accepted');
}

describe('an experiment file', () => {
  it('is read with its defaults', () => {
    const { experiment, factors } = readExperiment(studyFile(STUDY));
    expect(experiment.name).toBe('small');
    expect(experiment.infrastructure['rtt-scale']).toBe(1);
    expect(experiment.release).toBe('zed');
    expect(experiment.workload[1].from).toBe('every-site');
    expect(factors).toMatchObject([
      { name: 'placement', label: 'placement', levels: ['centralized', 'cells'] },
      { name: 'infrastructure.rtt-scale', label: 'RTT scale', levels: [0.5, 1] },
    ]);
  });

  it('may leave a field to its factor', () => {
    const text = changed('placement: centralized\nworkload', 'workload');
    expect(readExperiment(studyFile(text)).experiment.placement).toBe('centralized');
    expect(mistake(text.replace('[centralized, cells]', '[3, cells]'))).toBe(
      'study.yaml:18: factor "placement": 3 must be text or a mapping (key: value)',
    );
  });

  it.each([
    [
      'a missing unit',
      'duration: 2 min',
      'duration: 120',
      'study.yaml:4: field "duration": 120 has no unit; write for instance "25 ms", "5 min", "2 h"',
    ],
    [
      'an unknown unit',
      'duration: 2 min',
      'duration: 2 parsecs',
      'study.yaml:4: field "duration": "parsecs" is no unit of a duration',
    ],
    [
      'a wrong type',
      'replications: 2',
      'replications: many',
      'study.yaml:3: field "replications": "many" must be a number',
    ],
    [
      'a fraction',
      'replications: 2',
      'replications: 2.5',
      'study.yaml:3: field "replications": 2.5 must be a whole number',
    ],
    [
      'a negative number',
      'replications: 2',
      'replications: -3',
      'study.yaml:3: field "replications": -3 must be at least 1',
    ],
    [
      'a number where a list belongs',
      'placement: [centralized, cells]',
      'placement: 3',
      'study.yaml:19: field "factors.placement": 3 must be a list',
    ],
    [
      'a negative size',
      'computes-per-site: 1',
      'image-size: -5 MiB',
      'study.yaml:8: field "infrastructure.image-size": "-5 MiB" is negative',
    ],
    [
      'a size of nothing',
      'computes-per-site: 1',
      'image-size: 0 MiB',
      'study.yaml:8: field "infrastructure.image-size": "0 MiB" must be more than 0',
    ],
    [
      'an unknown field',
      'computes-per-site: 1',
      'computes-per-sites: 1',
      'study.yaml:8: field "infrastructure.computes-per-sites": unknown field; did you mean "computes-per-site"? (allowed: topology, rtt-scale,',
    ],
    [
      'an unknown field at the top',
      'seed: 1',
      'sede: 1',
      'study.yaml:2: field "sede": unknown field; did you mean "seed"?',
    ],
    ['a missing field', 'duration: 2 min\n', '', 'study.yaml:1: field "duration": is missing'],
    [
      'an empty list of levels',
      '[0.5, 1]',
      '[]',
      'study.yaml:20: field "factors.infrastructure.rtt-scale": is an empty list; give at least one entry',
    ],
    [
      'an empty list of sites',
      'every-site',
      '[]',
      'study.yaml:12: field "workload.0.from": is an empty list',
    ],
    [
      'a misspelt word',
      'every-site',
      'every-sites',
      'study.yaml:12: field "workload.0.from": "every-sites" is not allowed here; did you mean "every-site"?',
    ],
    [
      'an unknown tier',
      'from: every-site',
      'from: {tier: pico}',
      'study.yaml:12: field "workload.0.from.tier": "pico" is not allowed here; did you mean "micro"?',
    ],
    [
      'two kinds of arrivals',
      '{poisson: 2 per min}',
      '{poisson: 2 per min, constant-rate: 1 per s}',
      'study.yaml:13: field "workload.0.arrivals": has poisson and constant-rate; only one of poisson, constant-rate is allowed',
    ],
    [
      'no arrivals',
      '    arrivals: {poisson: 2 per min}\n',
      '',
      'study.yaml:11: field "workload.0": needs one of arrivals, runner',
    ],
    [
      'a level of the wrong type',
      '[0.5, 1]',
      '[0.5, fast]',
      'study.yaml:20: factor "infrastructure.rtt-scale": "fast" must be a number',
    ],
    [
      'a level out of range',
      '[0.5, 1]',
      '[0.5, -1]',
      'study.yaml:20: factor "infrastructure.rtt-scale": -1 must be more than 0',
    ],
    [
      'a factor that names no field',
      'infrastructure.rtt-scale:',
      'infrastructure.rtt-scales:',
      'study.yaml:20: factor "infrastructure.rtt-scales": no field is called "infrastructure.rtt-scales"; did you mean "infrastructure.rtt-scale"?',
    ],
    [
      'a factor without its first part',
      'infrastructure.rtt-scale:',
      'rtt-scale:',
      'study.yaml:20: factor "rtt-scale": no field is called "rtt-scale"; did you mean "infrastructure.rtt-scale"?',
    ],
    [
      'a factor of the whole study',
      'infrastructure.rtt-scale:',
      'seed:',
      'study.yaml:20: factor "seed": "seed" is the same at every design point; it cannot be a factor',
    ],
    [
      'a baseline that is no factor',
      'baseline: {placement',
      'baseline: {plaecment',
      'study.yaml:21: field "baseline.plaecment": is not a factor of this study; did you mean "placement"?',
    ],
    [
      'a name that is no folder',
      'name: small',
      'name: ../small',
      'study.yaml:1: field "name": "../small" must be in small letters',
    ],
  ])('is refused for %s', (_what, from, to, message) => {
    expect(mistake(changed(from, to))).toContain(message);
  });

  it('is refused for YAML that does not parse, with the line', () => {
    expect(mistake(`${STUDY}  - : [\n`)).toMatch(/^study\.yaml:2[1-3]: not valid YAML: /);
    expect(mistake(`${STUDY}seed: 2\n`)).toMatch(
      /^study\.yaml:22: not valid YAML: Map keys must be unique/,
    );
  });

  it('is refused where there is no study in it', () => {
    expect(mistake('')).toBe('study.yaml: is empty');
    expect(mistake('# nothing\n')).toBe('study.yaml: is empty');
    expect(mistake('just words')).toContain('study.yaml:1: expected fields (name: value)');
    expect(mistake('- a\n- b\n')).toContain('study.yaml:1: expected fields (name: value)');
    expect(mistake(new Uint8Array([0x6e, 0x61, 0xff, 0xfe, 0x80]))).toBe(
      'study.yaml: is not text in UTF-8',
    );
  });

  it('is refused where it is not there, or a folder', () => {
    expect(() => readExperiment('nowhere/study.yaml')).toThrow('nowhere/study.yaml: no such file');
    expect(() => readExperiment('src')).toThrow('src: is a folder, not a file');
  });

  it('is refused where its aliases grow, and may repeat a setting', () => {
    const lines = ['a: &a [x,x,x,x,x,x,x,x,x]'];
    for (const [from, to] of ['ab', 'bc', 'cd', 'de', 'ef']) {
      lines.push(`${to}: &${to} [${Array(9).fill(`*${from}`).join(',')}]`);
    }
    expect(mistake(lines.join('\n'))).toContain('study.yaml: its aliases cannot be resolved');
    const text = changed('duration: 2 min\nwarm-up: 10 s', 'duration: &time 2 min\nwarm-up: *time');
    expect(readExperiment(studyFile(text)).experiment['warm-up']).toBe('2 min');
  });

  it('is refused where it is nested too deeply', () => {
    expect(mistake(`name: ${'['.repeat(20_000)}`)).toContain('study.yaml');
  });

  it('is refused with one message whatever its bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(mistake(bytes)).toMatch(/^study\.yaml(:\d+)?: [^\n]+$/);
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it('is refused with one message wherever a line is lost or doubled', () => {
    const lines = STUDY.split('\n');
    for (let i = 0; i < lines.length - 1; i++) {
      for (const text of [lines.toSpliced(i, 1), lines.toSpliced(i, 0, lines[i])]) {
        try {
          readExperiment(studyFile(text.join('\n')));
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
          expect((error as Error).message).toMatch(/study\.yaml(:\d+)?: [^\n]+$/);
        }
      }
    }
  });
});

describe('--set', () => {
  it('fixes a field', () => {
    const sets = ['infrastructure.computes-per-site=7', 'infrastructure.image-size=1 GB'];
    const { experiment } = readExperiment(studyFile(STUDY), sets.map(parseOverride));
    expect(experiment.infrastructure['computes-per-site']).toBe(7);
    expect(experiment.infrastructure['image-size']).toBe('1 GB');
  });

  it('gives a factor one level', () => {
    const sets = ['placement=regions', 'infrastructure.rtt-scale=4'].map(parseOverride);
    const { factors } = readExperiment(studyFile(STUDY), sets);
    expect(factors.map(({ levels, isSet }) => [levels, isSet])).toEqual([
      [['regions'], true],
      [[4], true],
    ]);
  });

  it('names entries of the workload by name, operation or place', () => {
    const sets = [
      'workload.tokens.runner.constant.concurrency=9',
      'workload.server-list.arrivals.poisson=3 per s',
      'workload.0.name=lists',
    ];
    const { experiment } = readExperiment(studyFile(STUDY), sets.map(parseOverride));
    expect(experiment.workload[1].runner?.constant?.concurrency).toBe(9);
    expect(experiment.workload[0].arrivals?.poisson).toBe('3 per s');
    expect(experiment.workload[0].name).toBe('lists');
  });

  it('makes a name of a placement one with parameters', () => {
    const text = changed('  placement: [centralized, cells]\n', '').replace(/baseline.*\n/, '');
    const { experiment } = readExperiment(studyFile(text), [
      parseOverride('placement.params.workers=2'),
    ]);
    expect(experiment.placement).toEqual({ model: 'centralized', params: { workers: 2 } });
  });

  it('starts paths at the working directory', () => {
    expect(parseOverride('placement=./my-model.ts').value).toBe(`${process.cwd()}/my-model.ts`);
    expect(parseOverride('placement=cells').value).toBe('cells');
  });

  it.each([
    [
      'infrastructure.rtt-scal=2',
      'no field is called "infrastructure.rtt-scal"; did you mean "infrastructure.rtt-scale"?',
    ],
    ['replications=-3', '--set replications=-3: field "replications": -3 must be at least 1'],
    [
      'infrastructure.rtt-scale=fast',
      '--set infrastructure.rtt-scale=fast: "fast" must be a number',
    ],
    ['factors.placement=cells', 'to fix a factor, write --set placement=LEVEL'],
    ['__proto__.polluted=1', 'no field is called "__proto__.polluted"'],
    ['service-settings.__proto__.polluted=1', 'no field is called'],
    [
      'workload.nobody.start=1 s',
      'no field is called "workload.nobody.start"; did you mean "workload.tokens.start"?',
    ],
  ])('is refused for %s', (set, message) => {
    expect(mistake(STUDY, set)).toContain(message);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('is refused without a path or a value', () => {
    expect(() => parseOverride('placement')).toThrow('--set placement: write --set path=value');
    expect(() => parseOverride('=3')).toThrow('write --set path=value');
    expect(() => parseOverride('placement={')).toThrow('is not a YAML value');
  });
});
