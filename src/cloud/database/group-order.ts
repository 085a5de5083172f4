import { defineEventKind, type EventKind } from '../../kernel/event-kind.js';
import type { EventHandle, Simulator } from '../../kernel/simulator.js';
import { WaitQueue } from '../../resources/wait-queue.js';

/** What the group asks of those whose write sets it orders. */
export interface GroupLegs {
  /** Delay of a message with so many write sets that leaves now, in ms; Infinity: cut off. */
  messageMs(from: number, to: number, writeSets: number): number;
  /** Delay of a message without any. */
  emptyMs(from: number, to: number): number;
  /** What a member's write sets wait for, in ms, once they are in order. */
  readonly deliveryMs: number;
  /** Write sets of a member are delivered; their continuations follow. */
  delivered(member: number, writeSets: number): void;
}

/** Two times closer than this are one: sums of the same legs in another order. */
const SAME_MS = 1e-6;

/** One number of the group's sequence: each member's message with it, full or empty. */
class Slot {
  /** When each member sent or, as things stand, will send its message. */
  readonly sentMs: Float64Array;
  /** When it is there: [from * members + to]. */
  readonly arrivalMs: Float64Array;
  /** Write sets that a member put into its message. */
  readonly batches: WaitQueue[];
  readonly doneEvents: EventHandle[];
  readonly doneMs: Float64Array;
  /** When all others have answered a member's write sets; 0 where nobody waits for that. */
  readonly answeredMs: Float64Array;

  constructor(readonly members: number) {
    this.sentMs = new Float64Array(members);
    this.arrivalMs = new Float64Array(members * members);
    this.batches = Array.from({ length: members }, () => new WaitQueue());
    this.doneEvents = new Array(members).fill(0);
    this.doneMs = new Float64Array(members);
    this.answeredMs = new Float64Array(members);
  }

  /** When a member has the messages of all. */
  completeMs(member: number): number {
    const { members, arrivalMs } = this;
    let latestMs = this.sentMs[member];
    for (let from = 0; from < members; from++) {
      if (from !== member) latestMs = Math.max(latestMs, arrivalMs[from * members + member]);
    }
    return latestMs;
  }

  /** Nothing of it is still to come. */
  isOver(now: number): boolean {
    for (let member = 0; member < this.members; member++) {
      if (this.batches[member].length > 0 || this.answeredMs[member] > now) return false;
      if (this.completeMs(member) > now) return false;
    }
    return true;
  }
}

const placeFree = defineEventKind('group-place-free', (group: GroupOrder, member: number) =>
  group.place(member),
);
const slotDone = defineEventKind('group-slot-done', (group: GroupOrder, packed: number) =>
  group.finish(packed),
);

/**
 * The order that a Galera group gives its write sets (extended virtual synchrony, safe delivery).
 * Every member numbers its messages; a number is complete at a member when it has everybody's
 * message with it, and whoever has nothing to send answers a number at once with an empty message.
 * A member's write sets are ordered when it knows that their number is complete everywhere. Of the
 * numbers not yet complete at a member, at most `window` may be its own to fill; write sets that
 * find them taken go in the next message together. Equations: docs/models/galera.md.
 */
export class GroupOrder {
  private readonly waiting: WaitQueue[];
  private readonly placeEvents: EventHandle[];
  /** Numbers whose messages are still on their way; the first of them is `firstSlot`. */
  private readonly slots: Slot[] = [];
  private readonly idleSlots: Slot[] = [];
  private readonly idleBatches: WaitQueue[] = [];
  private firstSlot = 0;
  /** By member: the number after the last that it certainly sent. */
  private readonly next: number[];

  constructor(
    private readonly simulator: Simulator,
    private readonly members: number,
    private readonly window: number,
    private readonly legs: GroupLegs,
    /**
     * One write set a message, and a message takes a place of the window until all others have
     * answered it; otherwise a message takes all that waits, and its place until its number is complete.
     */
    private readonly isSingle = false,
  ) {
    this.waiting = Array.from({ length: members }, () => new WaitQueue());
    this.placeEvents = new Array(members).fill(0);
    this.next = new Array(members).fill(0);
  }

  /** The continuation runs when the group has put the write set of a member in order. */
  send<Target>(member: number, kind: EventKind<Target>, target: Target, argument: number): void {
    const waiting = this.waiting[member];
    waiting.push(kind, target, argument);
    if (waiting.length === 1) this.place(member);
  }

  /** For its own events: sends what waits at a member, now or when there is a place for it. */
  place(member: number): void {
    const { simulator } = this;
    simulator.cancel(this.placeEvents[member]);
    this.retire();
    const { now } = simulator;
    let number = this.nextNumber(member);
    let atMs = this.placeMs(member, number);
    // The member fills the first number that it is free to fill before it has to answer it empty.
    for (;;) {
      const slot = this.slots[number - this.firstSlot];
      if (!slot || atMs <= slot.sentMs[member] + SAME_MS) break;
      number++;
      atMs = Math.max(slot.sentMs[member], this.placeMs(member, number));
    }
    if (atMs <= now + SAME_MS) this.depart(member, number);
    else if (atMs < Infinity) {
      this.placeEvents[member] = simulator.scheduleAt(atMs, placeFree, this, member);
    }
  }

  /** For its own events. */
  finish(packed: number): void {
    const member = packed % this.members;
    const slot = this.slots[(packed - member) / this.members - this.firstSlot];
    const batch = slot.batches[member];
    slot.batches[member] = this.idleBatches.pop() ?? new WaitQueue();
    this.legs.delivered(member, batch.length);
    while (batch.length > 0) {
      const place = batch.first();
      const kind = batch.kinds[place] as EventKind<unknown>;
      const target = batch.targets[place];
      const argument = batch.numbers[place];
      batch.dropFirst();
      kind.run(target, argument);
    }
    this.idleBatches.push(batch);
  }

  /** When a member may send its message of a number: once the one a window before is complete. */
  private placeMs(member: number, number: number): number {
    const index = number - this.window - this.firstSlot;
    if (index < 0) return this.simulator.now;
    const slot = this.slots[index];
    return Math.max(slot.completeMs(member), slot.answeredMs[member]);
  }

  private nextNumber(member: number): number {
    const { now } = this.simulator;
    let number = Math.max(this.next[member], this.firstSlot);
    for (;;) {
      const slot = this.slots[number - this.firstSlot];
      if (!slot || slot.sentMs[member] >= now - SAME_MS) break;
      number++;
    }
    this.next[member] = number;
    return number;
  }

  private depart(member: number, number: number): void {
    const slot = this.slots[number - this.firstSlot] ?? this.open();
    this.load(slot, member);
    this.next[member] = number + 1;
    this.fill(slot, member);
    this.answer(slot);
    this.reschedule(slot, number);
    for (let other = 0; other < this.members; other++) {
      if (this.waiting[other].length > 0) this.place(other);
    }
  }

  /** Puts what waits at a member into its message. */
  private load(slot: Slot, member: number): void {
    const batch = slot.batches[member];
    const waiting = this.waiting[member];
    if (this.isSingle && waiting.length > 1) {
      const place = waiting.first();
      const kind = waiting.kinds[place] as EventKind<unknown>;
      batch.push(kind, waiting.targets[place], waiting.numbers[place]);
      waiting.dropFirst();
    } else {
      slot.batches[member] = waiting;
      this.waiting[member] = batch;
    }
    if (this.isSingle) slot.answeredMs[member] = this.simulator.now + this.farthestMs(member);
  }

  /** Round trip to the member that is farthest. */
  private farthestMs(member: number): number {
    let mostMs = 0;
    for (let other = 0; other < this.members; other++) {
      if (other === member) continue;
      const { legs } = this;
      mostMs = Math.max(mostMs, legs.emptyMs(member, other) + legs.emptyMs(other, member));
    }
    return mostMs;
  }

  /** A number that nobody has used: all answer as late as can be, for now. */
  private open(): Slot {
    const slot = this.idleSlots.pop() ?? new Slot(this.members);
    slot.sentMs.fill(Infinity);
    slot.arrivalMs.fill(Infinity);
    slot.doneMs.fill(Infinity);
    slot.answeredMs.fill(0);
    this.slots.push(slot);
    return slot;
  }

  /** The message of a member leaves now, with its write sets. */
  private fill(slot: Slot, member: number): void {
    const { now } = this.simulator;
    slot.sentMs[member] = now;
    const writeSets = slot.batches[member].length;
    for (let to = 0; to < this.members; to++) {
      if (to === member) continue;
      slot.arrivalMs[member * this.members + to] = now + this.legs.messageMs(member, to, writeSets);
    }
  }

  /**
   * The others answer when they first hear of the number, if they have not sent it before. They hear
   * it from who fills it: by least-latency routes no answer comes before the message answered.
   */
  private answer(slot: Slot): void {
    const { members, legs } = this;
    for (let from = 0; from < members; from++) {
      if (slot.batches[from].length > 0) continue;
      let heardMs = slot.sentMs[from];
      for (let by = 0; by < members; by++) {
        if (slot.batches[by].length > 0) {
          heardMs = Math.min(heardMs, slot.arrivalMs[by * members + from]);
        }
      }
      if (heardMs === slot.sentMs[from]) continue;
      slot.sentMs[from] = heardMs;
      for (let to = 0; to < members; to++) {
        if (to !== from) slot.arrivalMs[from * members + to] = heardMs + legs.emptyMs(from, to);
      }
    }
  }

  /** When a member delivers a number: it knows it, and all before it, to be complete everywhere. */
  private deliveredMs(slot: Slot, member: number, before: Slot | undefined): number {
    let latestMs = slot.completeMs(member);
    for (let other = 0; other < this.members; other++) {
      if (other === member) continue;
      latestMs = Math.max(latestMs, slot.completeMs(other) + this.legs.emptyMs(other, member));
    }
    latestMs += this.legs.deliveryMs;
    return before && before.batches[member].length > 0
      ? Math.max(latestMs, before.doneMs[member])
      : latestMs;
  }

  private reschedule(slot: Slot, number: number): void {
    const { simulator } = this;
    const before = this.slots[number - 1 - this.firstSlot];
    for (let member = 0; member < this.members; member++) {
      if (slot.batches[member].length === 0) continue;
      const doneMs = this.deliveredMs(slot, member, before);
      if (doneMs === slot.doneMs[member]) continue;
      simulator.cancel(slot.doneEvents[member]);
      slot.doneMs[member] = doneMs;
      slot.doneEvents[member] =
        doneMs < Infinity
          ? simulator.scheduleAt(doneMs, slotDone, this, number * this.members + member)
          : 0;
    }
  }

  private retire(): void {
    while (this.slots.length > 0 && this.slots[0].isOver(this.simulator.now)) {
      this.idleSlots.push(this.slots.shift() as Slot);
      this.firstSlot++;
    }
  }
}
