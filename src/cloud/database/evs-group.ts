import { defineEventKind } from '../../kernel/event-kind.js';
import type { Simulator } from '../../kernel/simulator.js';
import type { Processor } from '../../resources/processor.js';
import { SerialProcessor } from '../../resources/serial-processor.js';

/** What travels between members: a user message (numbers from `first` to `last`) or an acknowledgement. */
class Message {
  to!: EvsMember;
  from = 0;
  /** 0 in an acknowledgement. */
  last = 0;
  /** The sender has everybody's messages up to this number. */
  complete = 0;
  /** The sender has the receiver's own messages up to this number. */
  heard = 0;
  /** More from the same sender follows at once; nobody answers before that. */
  more = false;
}

/** What a group needs of its surroundings. */
export interface EvsSurroundings<Item> {
  readonly simulator: Simulator;
  readonly processors: readonly Processor[];
  /** Numbers that a member may send beyond the last that it knows to be complete everywhere. */
  readonly userSendWindow: number;
  /** The same for what has waited for that. */
  readonly sendWindow: number;
  /** Items that fit into one message. */
  readonly mostPerMessage: number;
  /**
   * True: who waits for the window answers all the same, and the window counts from what is complete
   * at the sender and has been answered by all. False: it answers nobody, and the window counts from what is complete everywhere.
   */
  readonly answersAlways?: boolean;
  /** CPU of a message at its receiver, in ms. */
  readonly messageMs: number;
  /** Delay of a message with so many items that leaves now, in ms; Infinity: cut off. */
  transitMs(from: number, to: number, items: number): number;
  /** The item's turn has come at a member: the same order at every member. */
  delivered(member: number, item: Item): void;
}

/** Default of evs.keepalive_period: who is silent for so long acknowledges again. */
const KEEPALIVE_MS = 1000;

const silent = defineEventKind('evs-silent', (member: EvsMember) => member.breakSilence());
const arrived = defineEventKind('evs-arrived', (message: Message) => message.to.queue(message));
const received = defineEventKind('evs-received', (message: Message) => message.to.receive(message));

/** Default of evs.causal_keepalive_period. */
const CAUSAL_KEEPALIVE_MS = 1000;

/** A member's side of the protocol; see `EvsGroup`. */
class EvsMember {
  /** Last number sent. Numbers begin with 1. */
  last = 0;
  isActive = true;
  /** Items that wait for the window. */
  output: unknown[] = [];
  /** By member: the last number received of it. */
  readonly have: Float64Array;
  /** By member: up to where it is known to have everybody's messages. */
  readonly known: Float64Array;
  /** By member: up to where it has this one's own messages. */
  readonly heard: Float64Array;
  /** Last number delivered here. */
  deliveredUpTo = 0;
  private readonly thread: SerialProcessor;
  private keptAliveMs = 0;
  private sentMs = 0;
  private isSilenceWatched = false;
  private readonly causal: { number: number; done: () => void }[] = [];

  constructor(
    private readonly group: EvsGroup<unknown>,
    readonly id: number,
    processor: Processor,
  ) {
    this.have = new Float64Array(group.count);
    this.known = new Float64Array(group.count);
    this.heard = new Float64Array(group.count);
    this.thread = new SerialProcessor(group.surroundings.simulator, processor, false);
  }

  /** One thread reads the messages of all. */
  queue(message: Message): void {
    this.thread.compute(this.group.surroundings.messageMs, received, message, 0);
  }

  submit(item: unknown): void {
    this.output.push(item);
    if (this.output.length === 1) {
      this.sendOutput(this.group.surroundings.userSendWindow, 1);
      this.deliver();
    }
  }

  receive(message: Message): void {
    const { from, last, complete, heard, more } = message;
    this.group.recycle(message);
    if (!this.isActive || !this.group.members[from].isActive) return;
    const before = this.known[this.id];
    if (last > this.have[from]) this.have[from] = last;
    if (complete > this.known[from]) this.known[from] = complete;
    if (heard > this.heard[from]) this.heard[from] = heard;
    const own = this.least(this.have);
    this.known[this.id] = own;
    if (this.group.surroundings.answersAlways)
      this.sendOutput(this.group.surroundings.userSendWindow);
    this.answer(last > 0 && more, own > before);
    this.sendOutput(this.group.surroundings.sendWindow);
    this.deliver();
  }

  /** Members have left: what was missing of them is missed no more. */
  reconsider(): void {
    const before = this.known[this.id];
    this.known[this.id] = this.least(this.have);
    this.answer(false, this.known[this.id] > before);
    this.sendOutput(this.group.surroundings.sendWindow);
    this.deliver();
  }

  /** A new view begins after a number that all have; who was out does not get what was before. */
  enterView(number: number, wasOut: boolean): void {
    if (wasOut) {
      this.deliveredUpTo = number;
      this.output = [];
    }
    this.isActive = true;
    this.last = number;
    this.have.fill(number);
    this.known.fill(number);
    this.heard.fill(number);
  }

  /** In a new view. */
  goOn(): void {
    this.deliver();
    this.sendOutput(this.group.surroundings.sendWindow);
  }

  /**
   * Runs at once where nothing is under way, else with the next message that comes after what is
   * complete here is known to be complete everywhere. Now and then a message asks whether the
   * group is still there.
   */
  whenCurrent(done: () => void): void {
    const { now } = this.group.surroundings.simulator;
    const isStale = now - this.keptAliveMs >= CAUSAL_KEEPALIVE_MS;
    if (this.causal.length === 0 && this.least(this.known) === this.last && !isStale) {
      done();
      return;
    }
    if (isStale) {
      this.send(this.last + 1, 0, false);
      this.keptAliveMs = now;
    }
    this.causal.push({ number: isStale ? this.last : this.known[this.id], done });
    if (this.group.count === 1) this.deliver();
  }

  /** Who has nothing to send answers a new number with an empty message, else acknowledges. */
  private answer(more: boolean, isFurther: boolean): void {
    if (this.output.length > 0 && !this.group.surroundings.answersAlways) return;
    const high = this.greatest();
    if (!more && this.last < high) this.send(high, 0, false);
    else if (isFurther) this.broadcast(0, 0, false);
  }

  /** Sends what waits, as far as the window lets it; together what would have to wait again. */
  private sendOutput(window: number, atMost = Infinity): void {
    const { output, group } = this;
    while (output.length > 0) {
      const number = this.last + 1;
      if (number > this.windowBase() + window) {
        this.watchSilence();
        return;
      }
      const items = output.splice(0, atMost === 1 ? 1 : group.surroundings.mostPerMessage);
      group.keep(number, this.id, items);
      const more = output.length > 0 && number + 1 <= this.windowBase() + window;
      this.send(more ? number : Math.max(number, this.greatest()), items.length, more);
    }
  }

  private windowBase(): number {
    const { answersAlways } = this.group.surroundings;
    if (!answersAlways) return this.least(this.known);
    this.heard[this.id] = this.known[this.id];
    return this.least(this.heard);
  }

  /** Members that all wait for their windows tell each other nothing; then a timer helps. */
  private watchSilence(): void {
    if (this.isSilenceWatched) return;
    this.isSilenceWatched = true;
    const { simulator } = this.group.surroundings;
    const silentMs = simulator.now - this.sentMs;
    simulator.schedule(Math.max(1, KEEPALIVE_MS - silentMs), silent, this);
  }

  /** For its own events. */
  breakSilence(): void {
    this.isSilenceWatched = false;
    if (this.output.length === 0 || !this.isActive) return;
    const { now } = this.group.surroundings.simulator;
    if (now - this.sentMs >= KEEPALIVE_MS - 1) this.broadcast(0, 0, false);
    this.watchSilence();
  }

  private send(last: number, items: number, more: boolean): void {
    this.last = last;
    this.have[this.id] = last;
    this.known[this.id] = this.least(this.have);
    this.broadcast(last, items, more);
  }

  private broadcast(last: number, items: number, more: boolean): void {
    const { group, id } = this;
    this.sentMs = group.surroundings.simulator.now;
    for (const to of group.members) {
      if (to === this || !to.isActive) continue;
      const delayMs = group.surroundings.transitMs(id, to.id, items);
      if (delayMs === Infinity) continue;
      const message = group.newMessage();
      message.to = to;
      message.from = id;
      message.last = last;
      message.complete = this.known[id];
      message.heard = this.have[to.id];
      message.more = more;
      group.surroundings.simulator.schedule(delayMs, arrived, message);
    }
  }

  private deliver(): void {
    const safe = this.least(this.known);
    while (this.deliveredUpTo < safe) this.group.deliver(++this.deliveredUpTo, this.id);
    while (this.causal.length > 0 && this.causal[0].number <= safe) this.causal.shift()?.done();
  }

  private least(numbers: Float64Array): number {
    let least = Infinity;
    for (const { id, isActive } of this.group.members) {
      if (isActive && numbers[id] < least) least = numbers[id];
    }
    return least;
  }

  greatest(): number {
    let greatest = 0;
    for (const { id, isActive } of this.group.members) {
      if (isActive && this.have[id] > greatest) greatest = this.have[id];
    }
    return greatest;
  }
}

/**
 * Extended virtual synchrony as Galera's gcomm has it, message by message: members number their
 * messages, whoever has nothing to send answers a number with an empty message, all acknowledge up
 * to where they have everybody's, and a number is delivered, in the order of members, where it is
 * known that everybody has it. Who has items that wait for the window neither answers nor
 * acknowledges until it may send them. Equations: docs/models/galera.md.
 */
export class EvsGroup<Item> {
  readonly members: EvsMember[];
  private readonly items = new Map<number, { items: unknown[]; left: number }>();
  private readonly idle: Message[] = [];

  constructor(readonly surroundings: EvsSurroundings<Item>) {
    this.members = [];
    surroundings.processors.forEach((processor, id) => {
      this.members.push(new EvsMember(this as EvsGroup<unknown>, id, processor));
    });
  }

  get count(): number {
    return this.surroundings.processors.length;
  }

  send(member: number, item: Item): void {
    this.members[member].submit(item);
  }

  /** Runs when a member has been delivered all that the group had numbered by now, as far as it knows. */
  whenCurrent(member: number, done: () => void): void {
    this.members[member].whenCurrent(done);
  }

  /** The others go on without these members, in a new view. */
  remove(members: readonly number[]): void {
    for (const member of members) this.members[member].isActive = false;
    for (const member of this.members) if (member.isActive) member.reconsider();
  }

  /**
   * These go on in one view: what was sent before is delivered to all but those that rejoin, and
   * what a member sent while it was out is nobody's.
   */
  merge(members: readonly number[], rejoined: readonly number[]): void {
    let high = 0;
    for (const member of this.members) {
      if (member.isActive) high = Math.max(high, member.greatest());
    }
    for (const key of [...this.items.keys()]) {
      if (Math.floor(key / this.count) > high) this.items.delete(key);
    }
    for (const id of members) this.members[id].enterView(high, rejoined.includes(id));
    for (const id of members) this.members[id].goOn();
    this.dropBefore(high);
  }

  private dropBefore(high: number): void {
    for (const key of [...this.items.keys()]) {
      if (Math.floor(key / this.count) <= high) this.items.delete(key);
    }
  }

  isActive(member: number): boolean {
    return this.members[member].isActive;
  }

  /** For its members. */
  keep(number: number, member: number, items: unknown[]): void {
    this.items.set(number * this.count + member, { items, left: this.count });
  }

  /** For its members: a number's items, in the order of who sent them. */
  deliver(number: number, to: number): void {
    for (let from = 0; from < this.count; from++) {
      const key = number * this.count + from;
      const kept = this.items.get(key);
      if (!kept) continue;
      if (--kept.left === 0) this.items.delete(key);
      for (const item of kept.items) this.surroundings.delivered(to, item as Item);
    }
  }

  /** For its members. */
  newMessage(): Message {
    return this.idle.pop() ?? new Message();
  }

  /** For its members. */
  recycle(message: Message): void {
    this.idle.push(message);
  }
}
