import type { ProcessorSharing } from '../resources/processor-sharing.js';

/** A machine whose cores are shared by everything that a deployment puts on it. */
export interface ControlNode {
  /** `site/node`. */
  readonly id: string;
  readonly site: number;
  readonly cores: number;
  readonly cpu: ProcessorSharing;
}
