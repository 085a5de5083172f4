import { type EventKind, eventKinds } from './event-kind.js';
import type { EventQueue, EventQueueName } from './event-queue.js';
import { eventQueues } from './event-queues.js';
import { EventRecords, recordLayout } from './event-records.js';
import { Fingerprint } from './fingerprint.js';

const { NUMBER_SHIFT, TIME, ARGUMENT, WORD_SHIFT, KIND } = recordLayout;

/**
 * Names one scheduled event; once the event has fired or is cancelled it names nothing, even when
 * another event has taken its place in memory. 0 is never a handle.
 */
export type EventHandle = number;

export interface SimulatorOptions {
  /** Which event queue; every queue gives the same run. Default `calendar`. */
  queue?: EventQueueName;
  /** Whether to hash the events fired. Default true. */
  fingerprint?: boolean;
}

/**
 * Clock and pending events. Time is in milliseconds from 0. Events fire in order of time, and at
 * one time in the order in which they were scheduled; there are no priorities.
 *
 * @example
 * const simulator = new Simulator();
 * const timeout = simulator.schedule(60_000, requestTimeout, requests, 17);
 * simulator.runUntil(1_000);
 * simulator.cancel(timeout); // true
 */
export class Simulator {
  /** Present time in milliseconds. */
  now = 0;
  /** Events fired so far. */
  eventCount = 0;
  /** Generator processes made so far; each takes its number from here. */
  processCount = 0;
  /** Events that stand in lanes behind the first of their lane; each lane counts here. */
  inLanes = 0;
  private readonly records = new EventRecords();
  private readonly queue: EventQueue;
  private readonly hash: Fingerprint | undefined;
  private isRunning = false;
  private isStopped = false;

  constructor(options: SimulatorOptions = {}) {
    this.queue = eventQueues[options.queue ?? 'calendar'](this.records);
    this.hash = options.fingerprint === false ? undefined : new Fingerprint();
  }

  /** Events scheduled that have neither fired nor been cancelled. */
  get pendingCount(): number {
    return this.records.used - this.records.dead + this.inLanes;
  }

  /**
   * Has an event fire `delayMs` from now: `kind.run(target, argument)`.
   * @throws RangeError if the delay is negative, NaN or infinite.
   */
  schedule<Target>(
    delayMs: number,
    kind: EventKind<Target>,
    target: Target,
    argument = 0,
  ): EventHandle {
    const timeMs = this.now + delayMs;
    if (!(timeMs >= this.now && timeMs < Infinity)) throw timeRefused(kind.name, timeMs, this.now);
    // Not by way of `scheduleAt`: where a call is not inlined, the time would be boxed once more.
    const records = this.records;
    const slot = records.allocate(timeMs, kind.id, target, argument);
    this.queue.insert(slot);
    return records.handle(slot);
  }

  /**
   * Has an event fire at `timeMs`; at the present time, it fires after those already scheduled for it.
   * @throws RangeError if the time is before now, NaN or infinite.
   */
  scheduleAt<Target>(
    timeMs: number,
    kind: EventKind<Target>,
    target: Target,
    argument = 0,
  ): EventHandle {
    if (!(timeMs >= this.now && timeMs < Infinity)) throw timeRefused(kind.name, timeMs, this.now);
    const records = this.records;
    const slot = records.allocate(timeMs, kind.id, target, argument);
    this.queue.insert(slot);
    return records.handle(slot);
  }

  /** Cancels a pending event, in constant time. False if it has fired or is cancelled already. */
  cancel(handle: EventHandle): boolean {
    const slot = this.records.slotOf(handle);
    if (slot < 0) return false;
    this.records.kill(slot);
    this.queue.remove(slot);
    return true;
  }

  /** When a pending event is due, in ms; NaN if it has fired or is cancelled. */
  timeOf(handle: EventHandle): number {
    const slot = this.records.slotOf(handle);
    return slot < 0 ? Number.NaN : this.records.time(slot);
  }

  /** Fires the next event. False if none is pending. */
  step(): boolean {
    const slot = this.queue.popUntil(Infinity);
    if (slot < 0) return false;
    this.fire(slot);
    return true;
  }

  /** Fires events until none is pending or `stop` is called. */
  run(): void {
    this.fireUntil(Infinity);
  }

  /**
   * Fires every event at or before `timeMs`; then it is `timeMs`, unless `stop` was called.
   * @throws RangeError if the time is before now, NaN or infinite.
   */
  runUntil(timeMs: number): void {
    if (!(timeMs >= this.now && timeMs < Infinity)) throw timeRefused('run', timeMs, this.now);
    this.fireUntil(timeMs);
    if (!this.isStopped) this.now = timeMs;
  }

  /** Runs for so many milliseconds of simulated time: `runUntil(now + durationMs)`. */
  runFor(durationMs: number): void {
    this.runUntil(this.now + durationMs);
  }

  /** Has `run`, `runUntil` or `runFor` return once the event that calls this is over. */
  stop(): void {
    this.isStopped = true;
  }

  /**
   * Hash of (time, kind, argument) of every event fired, in order: 16 hexadecimal digits, the same
   * for every queue.
   * @throws Error if the simulator was made with `fingerprint: false`.
   */
  fingerprint(): string {
    if (this.hash === undefined) throw new Error('this simulator was made with fingerprint: false');
    return this.hash.toString();
  }

  private fireUntil(limitMs: number): void {
    if (this.isRunning) throw new Error('the simulator is running: an event cannot run it again');
    this.isRunning = true;
    this.isStopped = false;
    try {
      while (!this.isStopped) {
        const slot = this.queue.popUntil(limitMs);
        if (slot < 0) break;
        this.fire(slot);
      }
    } finally {
      this.isRunning = false;
    }
  }

  private fire(slot: number): void {
    const { records, hash } = this;
    const word = slot << WORD_SHIFT;
    const number = slot << NUMBER_SHIFT;
    const kind = eventKinds[records.words[word + KIND]] as EventKind<unknown>;
    const argument = records.numbers[number + ARGUMENT];
    const target = records.targets[slot];
    this.now = records.numbers[number + TIME];
    this.eventCount++;
    if (hash !== undefined) hash.add(records.words, word, kind.nameHash);
    // Freed first, so that what the handler schedules finds the record still in the cache.
    records.release(slot);
    kind.run(target, argument);
  }
}

function timeRefused(what: string, timeMs: number, nowMs: number): RangeError {
  const reason = timeMs < nowMs ? 'it is past' : 'it is not a finite time';
  return new RangeError(`${what} at ${timeMs} ms: ${reason}, now is ${nowMs} ms`);
}
