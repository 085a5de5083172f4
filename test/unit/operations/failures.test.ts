import { describe, expect, it } from 'vitest';
import { littleCloud } from './little-cloud.js';
import { api, callApi, once } from './once.js';

describe('failures', () => {
  it('an RPC call without an answer ends after 60 s, and gives back all it held', () => {
    const little = littleCloud({
      client: [callApi],
      concurrency: 2,
      procedures: {
        ...api({ 'rpc-call': { to: 'nova-conductor', procedure: 'slow' } }),
        'nova-conductor': { slow: [{ delay: '70 s' }, { cpu: '1 ms' }] },
      },
    });
    little.ask(0);
    little.simulator.runUntil(59_999);
    expect(little.recorder.records[0].milestones[0].failedBefore).toBe(0);
    little.simulator.runUntil(60_001);
    expect(little.recorder.records[0].milestones[0].failedBefore).toBe(1);
    expect([...little.recorder.failures.keys()]).toEqual(['op: MessagingTimeout']);
    const held = (service: string) =>
      little.cloud.groups.find((group) => group.service === service)!.instances[0].slots.held;
    expect(held('nova-api')).toBe(0);
    expect(held('nova-conductor')).toBe(1);
    // The server goes on, unaware; its late answer is dropped.
    little.simulator.runUntil(80_000);
    expect(held('nova-conductor')).toBe(0);
    expect(little.recorder.present).toBe(0);
  });

  it('nested calls time out from the outside in', () => {
    const little = littleCloud({
      client: [callApi],
      procedures: {
        ...api({ 'rpc-call': { to: 'nova-conductor', procedure: 'middle' } }),
        'nova-conductor': {
          middle: [{ delay: '5 s' }, { 'rpc-call': { to: 'nova-scheduler', procedure: 'slow' } }],
        },
        'nova-scheduler': { slow: [{ delay: '100 s' }] },
      },
    });
    little.ask(0);
    little.simulator.runUntil(200_000);
    const held = little.cloud.groups.flatMap((group) =>
      group.instances.map(({ slots }) => slots.held),
    );
    expect(held.every((count) => count === 0)).toBe(true);
    expect(little.recorder.records[0].milestones[0].failedBefore).toBe(1);
    expect(little.simulator.pendingCount).toBe(0);
  });

  it('a failing branch fails the request after the others have ended', () => {
    const little = littleCloud({
      client: [callApi],
      procedures: api({ parallel: [[{ 'choose-server': {} }], [{ delay: '10 ms' }]] }),
    });
    little.ask(0);
    little.simulator.runUntil(1000);
    expect([...little.recorder.failures.keys()]).toEqual(['op: no server exists at the site']);
    expect(little.recorder.records[0].started).toBe(1);
  });

  it('a site without room has no valid host', () => {
    const little = littleCloud({
      client: [callApi, { milestone: 'done' }],
      clientSite: 1,
      serversPerCompute: 9,
      procedures: api({ 'choose-host': {} }, { milestone: 'done' }),
    });
    little.ask(0);
    little.ask(10);
    little.simulator.runUntil(1000);
    const [{ latency, failedBefore }] = little.recorder.records[0].milestones;
    expect([latency.count, failedBefore]).toEqual([1, 1]);
  });

  it('a thread waits 30 s for a connection of its pool, and leaves the line', () => {
    const little = littleCloud({
      client: [callApi],
      poolSize: 1,
      // 80,000 statements of 0.5 ms: the one connection is out for 40 s at a time.
      procedures: api({ sql: { database: 'nova_api', 'round-trips': 80_000 } }),
    });
    for (const atMs of [0, 1, 15_000]) little.ask(atMs);
    little.simulator.runUntil(29_000);
    expect(little.recorder.failures.size).toBe(0);
    little.simulator.runUntil(200_000);
    // The second gives up at 30 s; the third has the connection at 40 s, 25 s after it asked.
    expect([...little.recorder.failures]).toEqual([['op: database pool timeout', 1]]);
    expect(little.recorder.records[0].milestones[0].latency.count).toBe(2);
    const held = little.cloud.groups.flatMap((group) =>
      group.instances.map(({ slots }) => slots.held),
    );
    expect(held.every((count) => count === 0)).toBe(true);
  });

  it('a database that takes no more connections fails the request', () => {
    const little = littleCloud({
      client: [callApi],
      connectionLimit: 2,
      procedures: api({ sql: { database: 'nova_api', 'round-trips': 2000 } }),
    });
    for (const atMs of [0, 1, 2, 3]) little.ask(atMs);
    little.ask(10_000);
    little.simulator.runUntil(60_000);
    expect([...little.recorder.failures]).toEqual([['op: too many connections', 2]]);
    expect(little.recorder.records[0].milestones[0].latency.count).toBe(3);
  });

  it('names a role that the deployment does not wire', () => {
    const little = littleCloud({
      client: [callApi],
      procedures: {
        ...api({ rest: { to: 'glance-api', procedure: 'show' } }),
        'glance-api': { show: [] },
      },
      change: (deployment) => {
        delete deployment.services.find(({ service }) => service === 'nova-api')!.calls![
          'glance-api'
        ];
      },
    });
    little.ask(0);
    expect(() => little.simulator.runUntil(1000)).toThrow(
      'at site near the service group nova-api calls glance-api, which the deployment does not wire',
    );
  });

  it('skips a role that is never called', () => {
    const { ms } = once({
      client: [callApi],
      procedures: {
        ...api({ rest: { to: 'glance-api', procedure: 'show' } }),
        'glance-api': { show: [{ cpu: '9 ms' }] },
      },
      change: (deployment) => {
        deployment.services.find(({ service }) => service === 'nova-api')!.calls!['glance-api'] =
          null;
      },
    });
    expect(ms).toBe(0);
  });

  it('names caller and nearest procedure of a call to nothing', () => {
    expect(() =>
      littleCloud({ client: [{ rest: { to: 'nova-api', procedure: 'doo' } }], procedures: api() }),
    ).toThrow('client/op calls nova-api/doo, which nova-api does not have; nearest: nova-api/do');
  });
});
