import { createHash } from 'node:crypto';
import type { PlannedScenario } from './study.js';
import type { Versions } from './version.js';

/**
 * Keys of the runs of one study: a hash of all that a run's result depends on. The point's number,
 * the study's name and the printed levels are not in it, so a run keeps its key when levels are
 * added around it.
 */
export class RunKeys {
  private readonly hashes = new Map<number, string>();
  /** Data that many design points share is hashed once. */
  private readonly shared = new Map<object, string>();

  constructor(private readonly versions: Versions) {}

  keyOf(scenario: PlannedScenario, replication: number): string {
    let hash = this.hashes.get(scenario.point);
    if (hash === undefined) {
      hash = this.hashScenario(scenario);
      this.hashes.set(scenario.point, hash);
    }
    return sha256(`${hash}/${replication}`).slice(0, 32);
  }

  private hashScenario(scenario: PlannedScenario): string {
    const { experiment, point, factors, placement, infrastructure, ...rest } = scenario;
    const { footprints, backends, ...own } = rest;
    const { topology, ...numbers } = infrastructure;
    return sha256(
      JSON.stringify([
        this.versions,
        own,
        numbers,
        this.hashOf(topology),
        this.hashOf(footprints),
        this.hashOf(backends),
        // What a model does to a run is its deployment: an edited model counts where this differs.
        this.hashOf(placement.deployment),
      ]),
    );
  }

  private hashOf(data: object): string {
    let hash = this.shared.get(data);
    if (hash === undefined) {
      hash = sha256(JSON.stringify(data));
      this.shared.set(data, hash);
    }
    return hash;
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
