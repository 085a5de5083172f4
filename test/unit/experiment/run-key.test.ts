import { describe, expect, it } from 'vitest';
import { RunKeys } from '../../../src/experiment/run-key.js';
import type { PlannedScenario } from '../../../src/experiment/study.js';
import { plannedScenario, VERSIONS } from './planned-study.js';

const keyOf = (scenario: PlannedScenario, replication = 1, versions = VERSIONS) =>
  new RunKeys(versions).keyOf(scenario, replication);

describe('the key of a run', () => {
  const base = plannedScenario(1, 1);
  const { deployment } = base.placement;

  it('does not depend on where the run stands in the study', () => {
    const moved = { ...base, point: 9, experiment: 'other', factors: { placement: 'x' } };
    expect(keyOf(moved)).toBe(keyOf(base));
  });

  it.each<[string, PlannedScenario]>([
    ['the seed', { ...base, seed: '2' }],
    ['the duration', { ...base, durationMs: 1 }],
    ['the infrastructure', plannedScenario(1, 2)],
    [
      'the topology',
      {
        ...base,
        infrastructure: {
          ...base.infrastructure,
          topology: { ...base.infrastructure.topology, name: 'other' },
        },
      },
    ],
    ['the footprints', { ...base, footprints: { ...base.footprints, release: 'antelope' } }],
    [
      'a constant of a backend',
      { ...base, backends: { b: { backend: 'b', kind: 'bus', summary: '', constants: {} } } },
    ],
    [
      'the deployment that the model planned',
      {
        ...base,
        placement: {
          ...base.placement,
          deployment: { ...deployment, buses: [{ id: 'bus', backend: 'rabbitmq', members: [] }] },
        },
      },
    ],
  ])('depends on %s', (_what, other) => {
    expect(keyOf(other)).not.toBe(keyOf(base));
  });

  it('depends on the replication and the versions', () => {
    const keys = [
      keyOf(base),
      keyOf(base, 2),
      keyOf(base, 1, { ...VERSIONS, sources: 'def' }),
      keyOf(base, 1, { ...VERSIONS, node: '22' }),
      keyOf(base, 1, { ...VERSIONS, fogplane: '2.0.0' }),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });
});
