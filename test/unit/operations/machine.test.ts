import { describe, expect, it } from 'vitest';
import { TIME_CATEGORIES } from '../../../src/operations/time-split.js';
import { littleCloud } from './little-cloud.js';
import { api, callApi, once } from './once.js';

describe('the machine', () => {
  it('charges CPU of a request to cpu', () => {
    const { ms, split } = once({ client: [callApi], procedures: api({ cpu: '7 ms' }) });
    expect(ms).toBeCloseTo(7, 9);
    expect(split).toEqual({ cpu: 7 });
  });

  it('a statement train: wire, server, commit', () => {
    const sql = { sql: { database: 'nova_api', 'round-trips': 6, 'write-commits': 1 } } as const;
    const { split } = once({
      client: [callApi],
      procedures: api(sql),
      cpu: { 'per-sql-round-trip': '1 ms' },
    });
    expect(split).toEqual({ cpu: 6, database: 3, commit: 2 });
  });

  it('a remote database costs a round trip a statement', () => {
    const sql = { sql: { database: 'nova_api', 'round-trips': 6 } } as const;
    const { split } = once({
      client: [callApi],
      procedures: api(sql),
      rttMs: 10,
      change: (deployment) => {
        deployment.databases[0].replicas[0].site = 'far';
      },
    });
    expect(split.sql_wire).toBeCloseTo(60, 3);
  });

  it('a REST call costs one round trip, two where the server closes connections', () => {
    const far = (keepAlive: boolean) =>
      once({
        client: [callApi],
        procedures: api(),
        keepAlive,
        rttMs: 20,
        change: (deployment) => {
          deployment.services.find(({ service }) => service === 'nova-api')!.instances[0].site =
            'far';
        },
      }).split.client_api;
    expect(far(true)).toBeCloseTo(20, 3);
    expect(far(false)).toBeCloseTo(40, 3);
  });

  it('an RPC call costs a round trip for each end that is remote from the broker', () => {
    const call = { 'rpc-call': { to: 'nova-conductor', procedure: 'save' } } as const;
    const measure = (broker: string, conductor: string) =>
      once({
        client: [callApi],
        procedures: { ...api(call), 'nova-conductor': { save: [{ cpu: '1 ms' }] } },
        rttMs: 20,
        change: (deployment) => {
          deployment.buses[0].members[0].site = broker;
          deployment.services.find(
            ({ service }) => service === 'nova-conductor',
          )!.instances[0].site = conductor;
        },
      }).split.rpc_wire ?? 0;
    expect(measure('near', 'near')).toBe(0);
    expect(measure('near', 'far')).toBeCloseTo(20, 3);
    expect(measure('far', 'far')).toBeCloseTo(20, 3);
    expect(measure('far', 'near')).toBeCloseTo(40, 3);
  });

  it('a cast costs its confirm, and what it began goes on by itself', () => {
    const { split, little } = once({
      client: [callApi, { milestone: 'accepted' }],
      milestones: ['accepted', 'saved'],
      procedures: {
        ...api({ 'rpc-cast': { to: 'nova-conductor', procedure: 'save' } }),
        'nova-conductor': { save: [{ cpu: '5 ms' }, { milestone: 'saved' }] },
      },
      rttMs: 20,
      change: (deployment) => {
        deployment.buses[0].members[0].site = 'far';
      },
    });
    const [accepted, saved] = little.recorder.records[0].milestones;
    expect(accepted.latency.mean).toBeCloseTo(20, 3);
    // To the broker and on to the conductor: one round trip in two halves, then its CPU.
    expect(saved.latency.mean).toBeCloseTo(25, 3);
    expect(split.cpu).toBeCloseTo(5, 9);
  });

  it('branches run at once and the slowest counts', () => {
    const { ms, split } = once({
      client: [callApi],
      procedures: api(
        { parallel: [[{ delay: '5 ms' }], [{ delay: '9 ms' }, { cpu: '1 ms' }], []] },
        { cpu: '2 ms' },
      ),
    });
    expect(ms).toBeCloseTo(12, 9);
    expect(split).toEqual({ idle_wait: 9, cpu: 3 });
  });

  it('spawned work is not waited for', () => {
    const { ms } = once({
      client: [callApi],
      procedures: api({ spawn: [{ delay: '50 ms' }] }, { cpu: '2 ms' }),
    });
    expect(ms).toBeCloseTo(2, 9);
  });

  it('repeats by number and by state', () => {
    const { split } = once({
      serversPerCompute: 3,
      clientSite: 1,
      client: [{ 'choose-server': {} }, callApi],
      procedures: api(
        { repeat: { times: 2, steps: [{ cpu: '1 ms' }] } },
        { repeat: { times: 'servers-on-host', steps: [{ cpu: '10 ms' }] } },
        { repeat: { times: 0, steps: [{ cpu: '100 ms' }] } },
        { cpu: { base: '1 ms', each: '2 ms', per: 'servers-listed' } },
      ),
    });
    expect(split.cpu).toBeCloseTo(2 + 30 + 7, 9);
  });

  it('one operation holds a lock of a host at a time', () => {
    const little = littleCloud({
      serversPerCompute: 2,
      clientSite: 1,
      client: [{ 'choose-server': {} }, callApi],
      procedures: api({ lock: { name: 'claims', per: 'host', steps: [{ delay: '10 ms' }] } }),
    });
    for (let i = 0; i < 3; i++) little.ask(0);
    little.simulator.runUntil(1000);
    const [{ latency, split }] = little.recorder.records[0].milestones;
    // 10, 20 and 30 ms, and the way to the API and back.
    expect(latency.mean).toBeCloseTo(20 + 10, 3);
    expect(split[TIME_CATEGORIES.indexOf('lock_wait')]).toBeCloseTo(10 + 20, 3);
  });

  it('a cached entry saves the miss until its lifetime ends', () => {
    const little = littleCloud({
      client: [callApi],
      procedures: api({
        cache: { name: 'token', per: 'service-group', lifetime: '1 s', miss: [{ cpu: '8 ms' }] },
      }),
    });
    for (const atMs of [0, 500, 900, 1500]) little.ask(atMs);
    little.simulator.runUntil(3000);
    const [{ split }] = little.recorder.records[0].milestones;
    expect(split[TIME_CATEGORIES.indexOf('cpu')]).toBeCloseTo(16, 9);
  });

  it('a cache that a group has switched off always misses', () => {
    const little = littleCloud({
      client: [callApi],
      procedures: api({
        cache: {
          name: 'token',
          per: 'service-group',
          lifetime: '1 s',
          setting: 'token-cache',
          miss: [{ cpu: '8 ms' }],
        },
      }),
      change: (deployment) => {
        deployment.services.find(({ service }) => service === 'nova-api')!.settings = {
          'token-cache': false,
        };
      },
    });
    for (const atMs of [0, 500]) little.ask(atMs);
    little.simulator.runUntil(3000);
    expect(
      little.recorder.records[0].milestones[0].split[TIME_CATEGORIES.indexOf('cpu')],
    ).toBeCloseTo(16, 9);
  });

  it('middleware runs before a REST procedure', () => {
    const { split } = once({
      client: [callApi],
      before: { 'nova-api': [{ rest: { to: 'keystone', procedure: 'validate' } }] },
      procedures: { ...api({ cpu: '1 ms' }), keystone: { validate: [{ cpu: '3 ms' }] } },
    });
    expect(split).toEqual({ cpu: 4 });
  });

  it('waits for a signal, given before or after', () => {
    const { ms } = once({
      client: [callApi],
      procedures: api(
        { signal: 'early' },
        { 'wait-for': 'early' },
        { spawn: [{ delay: '30 ms' }, { signal: 'plugged' }] },
        { 'wait-for': 'plugged' },
        { when: { signal: 'plugged', steps: [{ cpu: '1 ms' }] } },
        { when: { signal: 'never', steps: [{ cpu: '100 ms' }] } },
        { when: { signal: 'never', not: true, steps: [{ cpu: '2 ms' }] } },
        { when: { operation: 'op', steps: [{ cpu: '3 ms' }] } },
        { when: { operation: 'other', steps: [{ cpu: '100 ms' }] } },
      ),
    });
    expect(ms).toBeCloseTo(36, 9);
  });

  it('polls until the milestone', () => {
    const { little } = once({
      client: [
        callApi,
        { milestone: 'accepted' },
        { poll: { every: '10 ms', until: 'ready', steps: [] } },
      ],
      milestones: ['accepted', 'ready'],
      procedures: api({ spawn: [{ delay: '25 ms' }, { milestone: 'ready' }] }),
    });
    expect(little.recorder.records[0].milestones[1].latency.mean).toBeCloseTo(25, 9);
    expect(little.recorder.present).toBe(0);
  });

  it('visits every cell at once, each with its own database', () => {
    const { ms } = once({
      client: [callApi],
      computes: 1,
      clientSite: 1,
      procedures: api({ 'each-cell': [{ sql: { database: 'nova', 'round-trips': 2 } }] }),
      rttMs: 10,
    });
    // The way to the API, and two statements of 0.5 ms at its own site.
    expect(ms).toBeCloseTo(11, 3);
  });

  it('for each host, one after the other, and each is asked itself', () => {
    const uptime = { 'rpc-call': { to: 'nova-compute', procedure: 'uptime' } } as const;
    const little = littleCloud({
      client: [callApi],
      computes: 3,
      procedures: {
        ...api({ 'each-host': [uptime] }, { cpu: '7 ms' }),
        'nova-compute': { uptime: [{ cpu: '2 ms' }] },
      },
    });
    little.ask(0);
    little.simulator.runUntil(1000);
    expect(little.cloud.hosts.map(({ instance }) => instance.requests)).toEqual([1, 1, 1]);
    const [{ latency, split }] = little.recorder.records[0].milestones;
    expect(latency.count).toBe(1);
    expect(split[TIME_CATEGORIES.indexOf('cpu')]).toBeCloseTo(3 * 2 + 7, 9);
  });

  it('a full server makes requests wait', () => {
    const little = littleCloud({
      client: [callApi],
      concurrency: 1,
      procedures: api({ delay: '10 ms' }),
    });
    for (let i = 0; i < 3; i++) little.ask(0);
    little.simulator.runUntil(1000);
    const [{ latency, split }] = little.recorder.records[0].milestones;
    expect(latency.mean).toBeCloseTo(20, 9);
    expect(split[TIME_CATEGORIES.indexOf('service_queue')]).toBeCloseTo(30, 9);
  });

  it('bursts of CPU of one process do not overlap', () => {
    const little = littleCloud({ client: [callApi], procedures: api({ cpu: '10 ms' }) });
    for (let i = 0; i < 3; i++) little.ask(0);
    little.simulator.runUntil(1000);
    expect(little.recorder.records[0].milestones[0].latency.mean).toBeCloseTo(20, 9);
  });
});

describe('periodic tasks', () => {
  it('begin every period, or when the last one ended', () => {
    const little = littleCloud({
      client: [callApi],
      procedures: api(),
      tasks: {
        'nova-compute': {
          quick: { every: '10 s', steps: [{ cpu: '1 ms' }] },
          slow: { every: '10 s', steps: [{ delay: '25 s' }, { cpu: '1 ms' }] },
        },
      },
    });
    little.simulator.runUntil(100_500);
    const compute = little.cloud.groups.find(({ service }) => service === 'nova-compute')!;
    // 0, 10, ... 100 s: 11 quick ones; slow ones end at 25, 50, 75, 100 s.
    expect(little.cloud.groupCpuMs[compute.index]).toBeCloseTo(11 + 4, 6);
  });

  it('know their own host in what they leave behind, whoever has begun since', () => {
    const little = littleCloud({
      client: [callApi],
      procedures: api(),
      computes: 2,
      tasks: {
        'nova-compute': {
          report: {
            every: '10 s',
            steps: [
              {
                spawn: [
                  { delay: '25 s' },
                  { cpu: { base: '0 ms', per: 'servers-on-host', each: '1 ms' } },
                ],
              },
            ],
          },
        },
      },
    });
    little.cloud.hosts[1].servers = 3;
    little.simulator.runUntil(100_500);
    const compute = little.cloud.groups.find(({ service }) => service === 'nova-compute')!;
    // What began at 0, 10, ... 70 s is over, on the second host for 3 ms each.
    expect(little.cloud.groupCpuMs[compute.index]).toBeCloseTo(8 * 3, 6);
  });
});

describe('the account of time', () => {
  it('adds up to the latency, whatever the steps', () => {
    const steps = [
      { cpu: '1 ms' },
      { sql: { database: 'nova_api', 'round-trips': 3, 'write-commits': 1 } },
      { 'rpc-call': { to: 'nova-conductor', procedure: 'save' } },
      {
        parallel: [
          [{ delay: '3 ms' }],
          [{ 'rpc-call': { to: 'nova-conductor', procedure: 'save' } }],
        ],
      },
      { 'rpc-cast': { to: 'nova-conductor', procedure: 'last' } },
    ] as const;
    const little = littleCloud({
      client: [callApi, { milestone: 'accepted' }],
      milestones: ['accepted', 'saved'],
      concurrency: 2,
      rttMs: 7,
      procedures: {
        ...api(...(steps as unknown as Parameters<typeof api>)),
        'nova-conductor': {
          save: [
            { cpu: '2 ms' },
            { sql: { database: 'nova_api', 'round-trips': 2, 'write-commits': 1 } },
          ],
          last: [{ cpu: '4 ms' }, { milestone: 'saved' }],
        },
      },
      change: (deployment) => {
        deployment.databases[0].replicas[0].site = 'far';
      },
    });
    for (let i = 0; i < 20; i++) little.ask(i * 3);
    little.simulator.runUntil(10_000);
    for (const { latency, split } of little.recorder.records[0].milestones) {
      expect(latency.count).toBe(20);
      const sum = split.reduce((total, value) => total + value, 0);
      expect(sum).toBeCloseTo(latency.mean * 20, 6);
    }
  });
});
