import type { EventKind } from '../kernel/event-kind.js';
import type { Simulator } from '../kernel/simulator.js';
import type { RandomStream } from '../random/index.js';
import type { OperationMix } from './workload-types.js';

/** Who runs operations; the continuation comes when one has ended, ok or failed. */
export interface OperationStarter {
  start<Target>(
    operation: string,
    site: number,
    kind: EventKind<Target>,
    target: Target,
    argument: number,
  ): void;
}

/** One site of one entry of a workload. */
export interface WorkloadPlace {
  readonly simulator: Simulator;
  readonly starter: OperationStarter;
  readonly picker: OperationPicker;
  readonly site: number;
}

/** Draws the next operation of a mix, or takes them in turn. */
export class OperationPicker {
  private readonly total: number;
  private turn = 0;

  /** @throws RangeError for a mix without a positive weight. */
  constructor(
    private readonly mix: readonly OperationMix[],
    private readonly stream: RandomStream,
    private readonly inTurn = false,
  ) {
    this.total = mix.reduce((sum, { weight }) => sum + weight, 0);
    if (!(this.total > 0)) throw new RangeError('an operation mix needs a positive weight');
  }

  next(): string {
    const { mix } = this;
    if (mix.length === 1) return mix[0].operation;
    if (this.inTurn) return mix[this.turn++ % mix.length].operation;
    let rest = this.stream.uniform() * this.total;
    for (const { operation, weight } of mix) {
      rest -= weight;
      if (rest < 0) return operation;
    }
    return mix[mix.length - 1].operation;
  }
}
