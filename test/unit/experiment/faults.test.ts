import { describe, expect, it } from 'vitest';
import { readExperiment } from '../../../src/experiment/experiment-file.js';
import { planStudy } from '../../../src/experiment/plan-study.js';
import { scenarioOf } from '../../../src/experiment/run-task.js';
import { simulateRun } from '../../../src/experiment/simulate.js';
import { UserError } from '../../../src/experiment/user-error.js';
import { studyFile } from './study-text.js';

function plan(faults: string, placement = 'centralized', operation = 'server-list') {
  const text = `name: faulty
seed: 1
replications: 1
duration: 10 min
warm-up: 10 s
infrastructure: { topology: geant2012, computes-per-site: 1 }
placement: ${placement}
workload:
  - operation: ${operation}
    arrivals: { constant-rate: 2 per min }
${faults}`;
  return planStudy(readExperiment(studyFile(text)));
}

async function failuresOf(faults: string): Promise<string[]> {
  const { scenarios } = await plan(faults);
  const { failedRequests = [] } = simulateRun(
    scenarioOf({ scenario: scenarios[0], replication: 1 }),
  );
  return failedRequests.map(({ reason }) => reason);
}

describe('faults of an experiment', () => {
  it('are resolved to ms and ids', async () => {
    const { scenarios } = await plan(`faults:
  - { at: 1 min, for: 30 s, site-cut-off: mt }
  - { at: 90 s, for: 2 h, broker-kill: de }
  - { at: 0 s, for: 1 ms, link-down: [at, de] }`);
    expect(scenarios[0].faults).toEqual([
      { kind: 'site-cut-off', site: 'mt', atMs: 60_000, forMs: 30_000 },
      { kind: 'broker-kill', site: 'de', atMs: 90_000, forMs: 7_200_000 },
      { kind: 'link-down', between: ['at', 'de'], atMs: 0, forMs: 1 },
    ]);
  });

  it('leave no trace in a scenario without any', async () => {
    expect((await plan('')).scenarios[0]).not.toHaveProperty('faults');
    expect((await plan('faults: []')).scenarios[0]).not.toHaveProperty('faults');
  });

  it.each([
    ['{ at: 1 min, for: 1 min, site-cut-off: mtt }', '"mtt" is not a site of the topology'],
    ['{ at: 1 min, for: 1 min, link-down: [mt, nl] }', 'no link of the topology geant2012 joins'],
    ['{ at: 10 min, for: 1 min, broker-kill: de }', '"10 min" must be before the end, 10 min'],
    ['{ at: 1 min, for: 60, broker-kill: de }', 'has no unit'],
    ['{ at: 1 min, for: 0 s, broker-kill: de }', 'for'],
    ['{ at: 1 min, for: 1 s }', 'needs one of site-cut-off, link-down, broker-kill'],
    ['{ at: 1 min, for: 1 s, site-cut-off: de, broker-kill: de }', 'only one of'],
  ])('refuses %s', async (fault, message) => {
    const error: unknown = await (async () => plan(`faults:\n  - ${fault}`))().catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(UserError);
    expect((error as Error).message).toContain(message);
  });

  it('refuses to part the replicas of a database', async () => {
    const cut = 'faults:\n  - { at: 1 min, for: 1 min, site-cut-off: de }';
    const cockroach = '{ model: stretched-galera, params: { backend: cockroachdb } }';
    await expect(plan(cut, cockroach)).rejects.toThrow('parts the replicas');
    await expect(plan(cut, 'stretched-galera')).resolves.toBeDefined();
  });

  it.each([
    [
      'centralized',
      'study.yaml:12: field "faults.0.broker-kill": the placement "centralized" has no RabbitMQ broker at "mt" (allowed: de)',
    ],
    ['router-mesh', 'has no RabbitMQ broker at "mt", and none elsewhere'],
  ])('refuses to kill brokers where %s has none', async (placement, message) => {
    const kill = 'faults:\n  - { at: 1 min, for: 1 min, broker-kill: mt }';
    await expect(plan(kill, placement)).rejects.toThrow(message);
  });

  it('have requests fail while a site is cut off, and none without', async () => {
    expect(await failuresOf('')).toEqual([]);
    const cut = 'faults:\n  - { at: 1 min, for: 2 min, site-cut-off: mt }';
    expect(await failuresOf(cut)).toEqual(['peer unreachable']);
  });

  it('may overlap: a link is up again when the last of them is over', async () => {
    const once = 'faults:\n  - { at: 1 min, for: 4 min, site-cut-off: mt }';
    const twice = `${once}\n  - { at: 2 min, for: 1 min, site-cut-off: mt }`;
    const runs = [once, twice].map(async (faults) => {
      const { scenarios } = await plan(faults);
      return simulateRun(scenarioOf({ scenario: scenarios[0], replication: 1 })).operations;
    });
    const [alone, overlapping] = await Promise.all(runs);
    expect(overlapping).toEqual(alone);
  });

  it('of a broker fail requests where it is the only one, and few where two others go on', async () => {
    const kill = 'faults:\n  - { at: 3 min, for: 1 min, broker-kill: de }';
    const cluster =
      '{ model: centralized, params: { brokers: [de, nl, at] }, backends: { bus: rabbitmq-quorum } }';
    const failed = ['centralized', cluster].map(async (placement) => {
      const { scenarios } = await plan(kill, placement, 'server-create');
      const run = simulateRun(scenarioOf({ scenario: scenarios[0], replication: 1 }));
      return (run.failedRequests ?? []).reduce((sum, { count }) => sum + count, 0);
    });
    const [alone, clustered] = await Promise.all(failed);
    expect(alone).toBeGreaterThan(20);
    expect(clustered).toBeLessThan(alone / 5);
  });
});
