import { describe, expect, it } from 'vitest';
import { type ChosenConstant, chosenConstants } from '../../../src/calibration/chosen-constants.js';
import { fitConstants, simulationsNeeded } from '../../../src/calibration/fit-constants.js';
import { calibrationCsv, formatCalibration } from '../../../src/calibration/print-calibration.js';
import { loadBackends } from '../../../src/experiment/load-data.js';
import type { FamilyReading, Figure } from '../../../src/fidelity/figure.js';
import { ownFigures } from '../../../src/fidelity/read-figures.js';

const backends = loadBackends();
const options = { iterations: 5, replications: 1 };

/** Figures of etcd that calibrate, as the family has them or changed. */
function etcd(change: (figure: Figure) => Figure = (figure) => figure): FamilyReading[] {
  return [...ownFigures('etcd').byFamily].map(([family, rows]) => {
    const reading = family.read(rows);
    const calibrating = reading.figures.filter(({ role }) => role === 'calibration');
    return { ...reading, figures: calibrating.map(change) };
  });
}

function startingAt(value: number): ChosenConstant[] {
  return chosenConstants(backends, ['etcd/cpu-per-request']).map((each) => ({ ...each, value }));
}

describe('constants fitted to figures', () => {
  it('come out alike from either end of their range, and bring the figures nearer', () => {
    const fits = [0.21, 0.48].map((value) =>
      fitConstants(etcd(), startingAt(value), options, () => {}),
    );
    const [fromBelow, fromAbove] = fits.map(({ constants }) => constants[0].fitted);
    expect(Math.abs(fromBelow / fromAbove - 1)).toBeLessThan(0.02);
    for (const { figures } of fits) {
      const squares = (read: 'before' | 'after') =>
        figures.reduce((sum, each) => sum + Math.log(each[read] / each.figure.measured) ** 2, 0);
      expect(squares('after')).toBeLessThan(squares('before') / 2);
    }
  });

  it('stay in their range', () => {
    const tenfold = (figure: Figure) => ({ ...figure, measured: 10 * figure.measured });
    const [constant] = startingAt(0.316);
    const { constants, ...rest } = fitConstants(etcd(tenfold), [constant], options, () => {});
    expect(constants[0].fitted).toBeCloseTo(constant.high, 9);
    expect(formatCalibration({ constants, ...rest })).toContain('at its edge');
  });

  it('take no part in figures that only agree or not, but do in shares', () => {
    let count = 0;
    const changed = (figure: Figure): Figure => {
      count++;
      if (count === 1) return { ...figure, agrees: () => true };
      return count === 2 ? { ...figure, agrees: () => true, unit: 'share' } : figure;
    };
    const all = etcd()[0].figures.length;
    const calibration = fitConstants(etcd(changed), startingAt(0.3), options, () => {});
    expect([calibration.figures.length, calibration.leftOut]).toEqual([all - 1, 1]);
    expect(formatCalibration(calibration)).toContain('; 1 that only agree or not took no part');
    expect(calibrationCsv(calibration).trim().split('\n')).toHaveLength(all);
  });

  it('are simulated no more often than foreseen', () => {
    let simulations = 0;
    const constants = chosenConstants(backends, ['etcd/cpu-per-request', 'etcd/cpu-per-entry']);
    fitConstants(etcd(), constants, options, () => simulations++);
    expect(simulations).toBeLessThanOrEqual(simulationsNeeded(2, options.iterations));
  });

  it('are refused where no figure depends on them, or there is none', () => {
    const strange = chosenConstants(backends, ['redis/cpu-per-turn']);
    expect(() => fitConstants(etcd(), strange, options, () => {})).toThrow(
      '--constant "redis/cpu-per-turn": none of the figures that calibrate depends on it',
    );
    const judging = etcd((figure) => ({ ...figure, role: 'judgement' }));
    expect(() => fitConstants(judging, startingAt(0.3), options, () => {})).toThrow(
      'no figure with a value to fit calibrates',
    );
  });
});

describe('constants chosen by name', () => {
  it.each([
    [['etcd'], '"" is not a constant of etcd'],
    [['etdc/cpu-per-request'], '"etdc" is not a backend; did you mean "etcd"?'],
    [['etcd/cpu-per-requests'], 'did you mean "cpu-per-request"?'],
    [
      ['etcd/cpu-per-entry', 'etcd/cpu-per-entry'],
      '--constant "etcd/cpu-per-entry" is given twice',
    ],
  ])('%j is refused', (names, message) => {
    expect(() => chosenConstants(backends, names)).toThrow(message);
  });

  it('begin above 0, for their logarithm', () => {
    const [{ low, value }] = chosenConstants(backends, ['cockroachdb/restart-share']);
    expect(low).toBeGreaterThan(0);
    expect(low).toBeLessThan(value);
  });
});
