import { describe, expect, it } from 'vitest';
import type { Figure, JudgedFigure } from '../../../src/fidelity/figure.js';
import { summarise } from '../../../src/fidelity/ledger.js';
import { ledgerCsv } from '../../../src/fidelity/print-ledger.js';

function judged(
  measured: number,
  simulated: number,
  spread = Number.NaN,
  alternatives = 'x',
): JudgedFigure {
  const figure: Figure = {
    family: 'f',
    id: 'source.csv:2',
    metric: 'latency',
    unit: 'ms',
    measured,
    spread,
    role: 'judgement',
    alternatives,
    scenario: 's',
    read: () => simulated,
    note: '',
  };
  return {
    figure,
    simulated,
    low: simulated,
    high: simulated,
    error: simulated / measured - 1,
    note: '',
  };
}

describe('the ledger', () => {
  it('sums absolute errors up by nearest rank', () => {
    const figures = [1, -2, 3, -4, 5, 6, 7, 8, 9, 10].map((percent) => judged(100, 100 + percent));
    const { median, ninetieth, worst } = summarise('all', figures);
    expect([median, ninetieth, worst].map((value) => Number(value.toFixed(4)))).toEqual([
      0.05, 0.09, 0.1,
    ]);
  });

  it('counts the pairs that the measurement separates', () => {
    const figures = [judged(10, 11, 1), judged(20, 10, 1), judged(30, 40, 1), judged(31, 39, 1)];
    // 30 and 31 overlap; 10 and 20 are ordered the other way round.
    const { pairs, rankAgreement } = summarise('all', figures);
    expect(pairs).toBe(5);
    expect(rankAgreement).toBeCloseTo(4 / 5, 9);
  });

  it('compares alternatives only', () => {
    expect(summarise('all', [judged(1, 2, 0, 'a'), judged(5, 1, 0, 'b')]).pairs).toBe(0);
  });

  it('leaves out what has no error', () => {
    expect(summarise('all', [judged(0, 5), judged(10, Number.NaN)]).figures).toBe(1);
  });

  it('judges zeros and failures by agreement, apart from errors', () => {
    const figures = [
      { ...judged(0, 0), error: Number.NaN, agreement: true },
      { ...judged(0, 4), error: Number.NaN, agreement: false },
      judged(10, 11),
    ];
    const { failures, agreement, figures: withError } = summarise('all', figures);
    expect([failures, agreement, withError]).toEqual([2, 0.5, 1]);
    const lines = ledgerCsv({ figures, unread: [] }).trim().split('\n');
    expect(lines[1]).toContain(',,yes,judgement,');
    expect(lines[2]).toContain(',,no,judgement,');
  });

  it('lists rows that nobody understood', () => {
    const csv = ledgerCsv({
      figures: [judged(10, 9)],
      unread: [{ id: 'wan.csv:7', reason: 'no scenario for the placement "P_unknown"' }],
    });
    const lines = csv.trim().split('\n');
    expect(lines[0]).toBe(
      'family,id,metric,unit,measured,spread,simulated,low,high,error,agreement,role,note',
    );
    expect(lines[1]).toBe('f,source.csv:2,latency,ms,10,,9,9,9,-0.1,,judgement,');
    expect(lines[2]).toContain('wan.csv:7');
    expect(lines[2]).toContain('P_unknown');
  });
});
