import { defineEventKind, type EventKind } from '../../kernel/event-kind.js';
import type { Simulator } from '../../kernel/simulator.js';
import { SerialProcessor } from '../../resources/serial-processor.js';
import { ServerMeter } from '../server-meter.js';
import type { Member } from '../wire.js';

const besideDone = defineEventKind('qpid-beside-done', () => {});

/**
 * One router. Its single core thread decides where each delivery goes, one at a time and in order;
 * worker threads read, write and settle beside it.
 */
export class QpidRouter {
  readonly meter: ServerMeter;
  private readonly coreThread: SerialProcessor;

  constructor(
    simulator: Simulator,
    readonly member: Member,
  ) {
    this.meter = new ServerMeter(simulator);
    this.coreThread = new SerialProcessor(simulator, member.cpu, false);
  }

  /** A delivery came; the continuation runs when it goes on, and has to call `left`. */
  forward<Target>(
    onTheWayMs: number,
    besideMs: number,
    kind: EventKind<Target>,
    target: Target,
    argument: number,
  ): void {
    this.meter.came(1, onTheWayMs + besideMs);
    if (besideMs > 0) this.member.cpu.submit(besideMs, besideDone, this, 0);
    this.coreThread.compute(onTheWayMs, kind, target, argument);
  }

  left(): void {
    this.meter.left();
  }

  /** CPU that no message waits for. */
  spend(demandMs: number): void {
    this.meter.work(demandMs);
    if (demandMs > 0) this.member.cpu.submit(demandMs, besideDone, this, 0);
  }
}
