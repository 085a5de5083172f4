export { type FailingParts, type Fault, linksOf, startFaults } from './fault-plan.js';
export type { OperationStarter } from './operation-picker.js';
export { startWorkload } from './start-workload.js';
export type { Arrivals, OperationMix, WorkloadEntry } from './workload-types.js';
