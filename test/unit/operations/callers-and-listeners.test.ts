import { describe, expect, it } from 'vitest';
import type { Step } from '../../../src/operations/procedure-schema.js';
import { api, callApi, once } from './once.js';

describe('who calls', () => {
  const validate = { rest: { to: 'keystone', procedure: 'validate' } } as const;
  const middleware: Step[] = [validate, { when: { caller: 'service', steps: [validate] } }];
  const options = {
    before: { 'glance-api': middleware },
    procedures: {
      ...api({ rest: { to: 'glance-api', procedure: 'show' } }),
      'glance-api': { show: [{ cpu: '1 ms' }] },
      keystone: { validate: [{ cpu: '10 ms' }] },
    },
  };

  it('a client shows one token, a service a second one', () => {
    const asClient = [{ rest: { to: 'glance-api', procedure: 'show' } }] as Step[];
    expect(once({ ...options, client: asClient }).split).toEqual({ cpu: 11 });
    expect(once({ ...options, client: [callApi] }).split).toEqual({ cpu: 21 });
  });

  it('`not` turns it round', () => {
    const onlyForClients: Step[] = [{ when: { caller: 'service', not: true, steps: [validate] } }];
    const before = { 'glance-api': onlyForClients };
    expect(once({ ...options, before, client: [callApi] }).split).toEqual({ cpu: 1 });
  });

  it('work that a service has spawned still calls as a service', () => {
    const { little } = once({
      ...options,
      milestones: ['done', 'seen'],
      client: [callApi, { milestone: 'done' }],
      procedures: {
        ...options.procedures,
        ...api({
          spawn: [{ rest: { to: 'glance-api', procedure: 'show' } }, { milestone: 'seen' }],
        }),
      },
    });
    expect(little.recorder.records[0].milestones[1].latency.mean).toBeCloseTo(21, 9);
  });
});

describe('who listens', () => {
  function fanout(unheard: boolean) {
    return once({
      client: [callApi, { milestone: 'done' }],
      milestones: unheard ? ['done'] : ['done', 'heard'],
      procedures: {
        ...api({ 'rpc-fanout': { to: 'nova-conductor', procedure: 'push' } }),
        'nova-conductor': { push: [{ cpu: '5 ms' }, { milestone: 'heard' }] },
      },
      unheard: unheard ? ['push'] : [],
      rttMs: 20,
      change: (deployment) => {
        deployment.buses[0].members[0].site = 'far';
      },
    });
  }

  it('a fanout reaches its subscribers', () => {
    const { little } = fanout(false);
    expect(little.recorder.records[0].milestones[1].latency.count).toBe(1);
  });

  it('a fanout that nobody subscribes to costs its confirm and reaches nobody', () => {
    const { ms, little } = fanout(true);
    expect(ms).toBeCloseTo(20, 3);
    const conductor = little.cloud.groups.find(({ id }) => id.startsWith('nova-conductor'))!;
    expect(conductor.instances.map(({ requests }) => requests)).toEqual([0]);
  });
});
