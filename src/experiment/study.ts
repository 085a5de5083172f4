import type { Deployment } from '../placement/deployment.js';
import type { PlacementBackends } from './placement-backends.js';
import type { Scenario } from './scenario.js';
import type { Study } from './study-description.js';

/**
 * A scenario as plain data: the placement model has given its deployment already, so that a run
 * needs no user code, crosses threads and has a key that is a hash of all that it depends on.
 */
export interface PlannedScenario extends Omit<Scenario, 'replication' | 'placement'> {
  readonly placement: {
    readonly name: string;
    readonly params: unknown;
    readonly file: string;
    readonly backends?: PlacementBackends;
    readonly deployment: Deployment;
  };
}

/** A study with everything looked up and checked, ready to run. */
export interface PlannedStudy {
  /** As the report wants it. */
  readonly study: Study;
  readonly replications: number;
  /** By number of the design point, from 1. */
  readonly scenarios: readonly PlannedScenario[];
  /** What the user should know before the run. */
  readonly notes: readonly string[];
}
