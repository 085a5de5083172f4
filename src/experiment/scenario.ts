import type { BackendConstants } from '../cloud/backend-constants.js';
import type { Topology } from '../net/topology.js';
import type { OperationsFile, ServiceFootprint } from '../operations/procedure-schema.js';
import type { PlacementModel } from '../placement/placement-model.js';
import type { Fault } from '../workload/index.js';
import type { WorkloadEntry } from '../workload/workload-types.js';
import type { PlacementBackends } from './placement-backends.js';

/** One point of a study, resolved: nothing is left to look up, units are ms, bytes and bit/s. */
export interface Scenario {
  readonly experiment: string;
  readonly point: number;
  readonly replication: number;
  readonly seed: string;
  /** Factor path to level, as printed. */
  readonly factors: Readonly<Record<string, string>>;
  readonly durationMs: number;
  /** 'auto': MSER-5 finds it. */
  readonly warmUpMs: number | 'auto';
  readonly infrastructure: {
    readonly topology: Topology;
    /** Multiplies every propagation delay. */
    readonly rttScale: number;
    /** Where the topology does not say: compute nodes of every site. */
    readonly computesPerSite: number;
    readonly coresPerControlNode: number;
    /** Speed of a control node's core against those of the measured testbed; default 1. */
    readonly coreSpeed?: number;
    /** Share of its speed that a control node's core loses while all others there are busy; default 0. */
    readonly coreContention?: number;
    readonly vcpusPerCompute: number;
    /** Servers that exist on every compute at the start. */
    readonly serversPerCompute: number;
    readonly imageSizeBytes: number;
  };
  readonly placement: {
    readonly name: string;
    readonly model: PlacementModel;
    readonly params: unknown;
    /** File of the model, for messages. */
    readonly file: string;
    /** Of the experiment, in the place of those that the model chooses. */
    readonly backends?: PlacementBackends;
  };
  readonly workload: readonly WorkloadEntry[];
  /** What fails; absent: nothing. */
  readonly faults?: readonly Fault[];
  readonly footprints: {
    readonly release: string;
    readonly services: readonly ServiceFootprint[];
    readonly operations: OperationsFile;
  };
  /** Parsed files of models/backends by name. */
  readonly backends: Readonly<Record<string, BackendConstants>>;
}

export type { BackendConstants };
