import { describe, expect, it } from 'vitest';
import type { Database, Refusal } from '../../../src/cloud/database/database.js';
import { littleCloud } from './little-cloud.js';
import { api, callApi, once } from './once.js';

const sql = {
  sql: { database: 'nova_api', 'round-trips': 4, 'write-commits': 1, table: 'usage' },
} as const;

/** A cloud whose database refuses the first commits, one refusal each. */
function refusing(refusals: Refusal[]) {
  const little = littleCloud({ client: [callApi], procedures: api(sql), rttMs: 10 });
  const database: Database = little.cloud.databases[0];
  // Asked after the statements, and after the commit.
  let asked = 0;
  database.takeRefusal = () => (++asked % 2 === 0 ? refusals.shift() : undefined);
  return little;
}

const DEADLOCK: Refusal = { reason: 'deadlock', isRetried: true };
const RESTART: Refusal = { reason: 'restart', isRetried: false };

describe('transactions that the database refuses', () => {
  it('begin again after 1 s, then 2 s, where the service knows the error', () => {
    const { ms } = once({ client: [callApi], procedures: api(sql), rttMs: 10 });
    const little = refusing([DEADLOCK, DEADLOCK]);
    little.ask(0);
    little.simulator.runUntil(100_000);
    const { latency } = little.recorder.records[0].milestones[0];
    expect(latency.count).toBe(1);
    const serviceMs = ms - once({ client: [callApi], procedures: api() }).ms;
    expect(latency.mean - ms).toBeCloseTo(3000 + 2 * serviceMs, 6);
  });

  it('fail the request where it does not, and give back what they held', () => {
    const little = refusing([RESTART]);
    little.ask(0);
    little.ask(1000);
    little.simulator.runUntil(100_000);
    const [{ latency, failedBefore }] = little.recorder.records[0].milestones;
    expect([latency.count, failedBefore]).toEqual([1, 1]);
    expect([...little.recorder.failures.keys()]).toEqual(['op: restart']);
    const { slots } = little.cloud.groups.find(({ service }) => service === 'nova-api')!
      .instances[0];
    expect(slots.held).toBe(0);
  });

  it('give up after 20 times', () => {
    const little = refusing(Array.from({ length: 30 }, () => DEADLOCK));
    little.ask(0);
    little.simulator.runUntil(1_000_000);
    expect(little.recorder.records[0].milestones[0].failedBefore).toBe(1);
    expect([...little.recorder.failures.keys()]).toEqual(['op: deadlock']);
  });
});

describe('records', () => {
  it('make lists longer', () => {
    const cpu = { base: '1 ms', each: '2 ms', per: 'users-recorded' } as const;
    const little = littleCloud({
      client: [callApi],
      procedures: api({ cpu }, { record: { kind: 'user', change: 1 } }),
    });
    const before = once({ client: [callApi], procedures: api({ cpu: '1 ms' }) }).ms;
    for (let i = 0; i < 3; i++) little.ask(i * 1000);
    little.simulator.runUntil(10_000);
    const { latency } = little.recorder.records[0].milestones[0];
    expect(latency.min).toBeCloseTo(before, 6);
    expect(latency.max).toBeCloseTo(before + 4, 6);
  });
});
