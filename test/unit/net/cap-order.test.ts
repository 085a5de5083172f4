import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CapOrder } from '../../../src/net/cap-order.js';

describe('CapOrder', () => {
  it('orders as the built-in sort does, equal caps as they came', () => {
    const capOrder = new CapOrder();
    const cap = fc.oneof(
      fc.double({ min: 0, noNaN: true }),
      fc.constantFrom(0, 1, 1e9, 1e9 + 2 ** -20, 1e10, Infinity),
    );
    fc.assert(
      fc.property(fc.array(cap, { maxLength: 500, size: 'max' }), (caps) => {
        const flows = caps.map((capBps, id) => ({ capBps: Math.abs(capBps), id }));
        const expected = flows.toSorted((x, y) =>
          x.capBps === y.capBps ? x.id - y.id : x.capBps < y.capBps ? -1 : 1,
        );
        capOrder.sort(flows);
        expect(flows).toEqual(expected);
      }),
    );
  });
});
