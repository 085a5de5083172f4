import { defineEventKind } from '../../kernel/event-kind.js';
import type { Simulator } from '../../kernel/simulator.js';
import { ServerMeter } from '../server-meter.js';
import type { Member } from '../wire.js';

const besideDone = defineEventKind('rabbitmq-beside-done', (broker: Broker) => broker.leave());

/**
 * One RabbitMQ node and its CPU. Some of a message's work lies on its way through its queue; the
 * rest is done beside it, by the processes of connections and channels. A broker with nothing to do
 * sleeps, and waking it costs CPU too, which holds nothing up.
 */
export class Broker {
  readonly meter: ServerMeter;
  /** Messages, and pieces of work beside them, under way. */
  private active = 0;

  constructor(
    simulator: Simulator,
    readonly member: Member,
    private readonly wakeUpMs: number,
  ) {
    this.meter = new ServerMeter(simulator);
  }

  /** `messages` came, in one; they hold the broker awake until `left`. */
  came(messages: number, onTheWayMs: number, besideMs: number): void {
    const wholeBesideMs = this.active === 0 ? besideMs + this.wakeUpMs : besideMs;
    this.meter.came(messages, onTheWayMs + wholeBesideMs);
    this.active++;
    this.workBeside(wholeBesideMs);
  }

  /** A message, or a fanout, is through. */
  left(): void {
    this.meter.left();
    this.active--;
  }

  /** A message to or from another broker, where its queue is: it goes on at once. */
  passOn(besideMs: number): void {
    this.came(1, 0, besideMs);
    this.left();
  }

  /** CPU that no message waits for. */
  spend(demandMs: number): void {
    this.meter.work(demandMs);
    this.workBeside(demandMs);
  }

  /** For its own events. */
  leave(): void {
    this.active--;
  }

  private workBeside(demandMs: number): void {
    if (demandMs === 0) return;
    this.active++;
    this.member.cpu.submit(demandMs, besideDone, this, 0);
  }
}
