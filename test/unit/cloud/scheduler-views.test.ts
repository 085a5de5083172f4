import { describe, expect, it } from 'vitest';
import type { ComputeHost } from '../../../src/cloud/compute-host.js';
import { SchedulerViews } from '../../../src/cloud/scheduler-views.js';

function hosts(count: number, capacity = 100): ComputeHost[] {
  return Array.from(
    { length: count },
    (_, index) => ({ index, capacity, servers: 0 }) as unknown as ComputeHost,
  );
}

describe('views of schedulers', () => {
  it('spread what one scheduler sends', () => {
    const all = hosts(3);
    const views = new SchedulerViews(all);
    for (let i = 0; i < 9; i++) views.choose('a', i);
    expect(all.map(({ servers }) => servers)).toEqual([3, 3, 3]);
  });

  it('do not see what another has sent', () => {
    const views = new SchedulerViews(hosts(3));
    expect(views.choose('a', 1)).toBe(views.choose('b', 1));
  });

  it('see what a host has reported since', () => {
    const views = new SchedulerViews(hosts(2));
    const first = views.choose('a', 1)!;
    views.report(first, 2);
    expect(views.choose('b', 3)).not.toBe(first);
  });

  it('forget what they sent that a newer record does not have', () => {
    const views = new SchedulerViews(hosts(2));
    const first = views.choose('a', 1)!;
    const second = views.choose('a', 1)!;
    views.choose('a', 1);
    views.choose('a', 1);
    // Two on their way to each; one of the first has claimed, and the second looks as full as it is.
    views.report(first, 2);
    expect(views.choose('a', 3)).toBe(first);
    expect(second).not.toBe(first);
  });

  it('take no host that is full', () => {
    const views = new SchedulerViews(hosts(2, 1));
    expect(views.choose('a', 1)).not.toBe(views.choose('b', 1));
    expect(views.choose('a', 1)).toBeUndefined();
  });
});
