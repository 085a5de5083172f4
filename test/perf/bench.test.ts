import { describe, expect, it } from 'vitest';
import { median } from './bench-case.js';
import { formatTable } from './bench-table.js';
import { benchGroups } from './groups.js';

/** Every case at a thousandth of its size: each checks its own count and answer, and throws. */
describe.each(benchGroups)('benchmark group $name', ({ name, cases }) => {
  const all = cases(0.001);
  const answers = new Map<string, number[]>();

  it('names its cases after the group, once each, and compares with cases before', () => {
    const names = all.map((benchCase) => benchCase.name);
    expect(new Set(names).size).toBe(names.length);
    for (const [index, benchCase] of all.entries()) {
      expect(benchCase.name.startsWith(`${name}/`)).toBe(true);
      for (const other of [benchCase.ratioTo, benchCase.sameAnswerAs]) {
        if (other !== undefined) expect(names.slice(0, index)).toContain(other);
      }
    }
  });

  it.each(all)('$name counts exactly and comes to the same answer', (benchCase) => {
    const run = benchCase.prepare();
    const outcomes = [run(), run()];
    for (const outcome of outcomes) {
      expect(outcome.events).toBe(benchCase.events ?? outcomes[0].events);
      expect(outcome.events).toBeGreaterThan(0);
      expect(Number.isFinite(outcome.answer)).toBe(true);
    }
    answers.set(
      benchCase.name,
      outcomes.map((outcome) => outcome.answer),
    );
    if (benchCase.sameAnswerAs !== undefined) {
      expect(answers.get(benchCase.name)).toEqual(answers.get(benchCase.sameAnswerAs));
    }
  });
});

describe('benchmark report', () => {
  it('takes the middle value', () => {
    expect(median([5, 1, 3])).toBe(3);
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  it('prints a line a case and a blank one between groups', () => {
    const row = {
      name: 'hold/x',
      group: 'hold',
      events: 1000,
      cpu_s: 0.5,
      rate_per_s: 2000,
      ratio_to: 'hold/bare',
      ratio: 0.75,
      peer: 'SimPy',
      peer_cpu_s: 12,
      figures: {},
    };
    const other = {
      ...row,
      group: 'mm1',
      name: 'mm1/y',
      ratio: 1,
      ratio_to: 'mm1/y',
      peer_cpu_s: null,
      figures: { bytes_per_compute: 5321 },
    };
    const lines = formatTable([row, other]).split('\n');
    expect(lines[2]).toMatch(
      /^hold\/x +1000 +0.500 +0.00 +500000.0 +0.75 +hold\/bare +12.000 SimPy$/,
    );
    expect(lines[3]).toBe('');
    expect(lines[4]).toMatch(/^mm1\/y +1000 +0.500 +0.00 +500000.0 +1.00$/);
    expect(lines.slice(5)).toEqual(['', 'mm1/y: bytes_per_compute 5321', '']);
  });
});
