import { describe, expect, it } from 'vitest';
import { zedFaults } from '../../../src/fidelity/families/zed-faults.js';

const row = (t: string, what: string, detail: string) => ({
  source: 'faults',
  line: 2,
  columns: { run: '1', cut_s: '180.0', rtt_ms: '50.0', t_s: t, what, detail },
});

describe('rows of a cut', () => {
  it('judges when a service is called down, and that it is up before', () => {
    const { figures, unread } = zedFaults.read([
      row('0.6', 'neutron agent alive', 'True'),
      row('73.9', 'neutron agent alive', 'False'),
      row('55', 'nova-compute cmp1 state', 'down'),
      row('181', 'nova-compute cmp1 state', 'up'),
      row('0.3', 'cut', ''),
    ]);
    expect(figures.map(({ measured, isOneLook }) => [measured, isOneLook])).toEqual([
      [0.6, false],
      [73.9, true],
      [55, true],
    ]);
    expect(figures[0].agrees?.(50)).toBe(true);
    expect(unread).toHaveLength(2);
  });
});
