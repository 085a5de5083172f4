import { defineEventKind } from '../../kernel/event-kind.js';
import type { Simulator } from '../../kernel/simulator.js';
import { ServerMeter } from '../server-meter.js';
import type { Member } from '../wire.js';

/**
 * Schedulers of a broker without work look for some for so long before they begin to sleep, in ms:
 * d_cluster_rpc.csv at RTT 0, where gaps of 0.05 to 0.1 ms between lone calls cost no CPU.
 */
const AWAKE_MS = 0.1;

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
  private idleSinceMs = -Infinity;

  constructor(
    private readonly simulator: Simulator,
    readonly member: Member,
    private readonly wakeUpMs: number,
    /** Whether what waking it costs grows with the time it had nothing to do. */
    private readonly isRestless: boolean,
  ) {
    this.meter = new ServerMeter(simulator);
  }

  /** `messages` came, in one; they hold the broker awake until `left`. */
  came(messages: number, onTheWayMs: number, besideMs: number): void {
    const wholeBesideMs = this.active === 0 ? besideMs + this.wakingMs() : besideMs;
    this.meter.came(messages, onTheWayMs + wholeBesideMs);
    this.active++;
    this.workBeside(wholeBesideMs);
  }

  /** A message, or a fanout, is through. */
  left(): void {
    this.meter.left();
    this.leave();
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

  /** Something small came from another broker: it costs no more than waking up, if that. */
  stir(): void {
    if (this.active === 0) this.spend(this.wakingMs());
  }

  /** For its own events. */
  leave(): void {
    this.active--;
    if (this.active === 0) this.idleSinceMs = this.simulator.now;
  }

  private wakingMs(): number {
    if (!this.isRestless) return this.wakeUpMs;
    const asleepMs = this.simulator.now - this.idleSinceMs - AWAKE_MS;
    return Math.max(0, Math.min(this.wakeUpMs, asleepMs));
  }

  private workBeside(demandMs: number): void {
    if (demandMs === 0) return;
    this.active++;
    this.member.cpu.submit(demandMs, besideDone, this, 0);
  }
}
