import type { RandomStream, RandomStreams } from '../random/index.js';
import type { BulkTransfers } from './bulk-transfers.js';
import type { LinkAccounting } from './link-accounting.js';
import type { LinkTable } from './link-table.js';
import {
  FAST_RETRANSMIT_PACKETS,
  FRAMING_BYTES,
  HANDSHAKE_TIMEOUT_MS,
  HEADER_BYTES,
  INITIAL_WINDOW_BYTES,
  LINE_PACKET_BYTES,
  PAYLOAD_SHARE,
  packetsOf,
  RETRANSMISSION_TIMEOUT_FLOOR_MS,
  slowStartStallMs,
} from './tcp.js';

/** A link cannot lose one message more often than this in a row; TCP would have given up. */
const MOST_TIMEOUTS = 15;

/**
 * Passes messages along a path of links: their delay, and what they leave behind on each link.
 *
 * Queueing. Each arc knows until when it is busy. A message meets the arcs of its path in order, but
 * its time of flight is left out of that reckoning: at each arc it arrives at the moment it was sent
 * plus what it waited so far. So it queues behind what was sent before it and not yet served, not
 * behind messages that were sent later to arrive earlier, nor, on an arc far down its path, behind one
 * that left long before it and is as far in flight. Waiting counts once: a burst that was spread out
 * by one arc finds the next one of the same speed free. The price is that two messages which meet at
 * an arc from origins at different distances are taken in the order in which they were sent.
 */
export class Passage {
  /** Until when each arc is busy with messages, on the clock of their senders. */
  private readonly busyUntilMs: Float64Array;
  /** Time of a byte on the line, per link. */
  private readonly msPerByte: Float64Array;
  private readonly latencyMs: Float64Array;
  private readonly jitterStreams: (RandomStream | undefined)[];
  private readonly lossStreams: (RandomStream | undefined)[];
  /** Retransmissions of the message under way: by timeout (in timeouts), by acknowledgements. */
  private timeouts = 0;
  private fastRetransmits = 0;
  /** The same of a handshake's packets; only where the first message of each way is one. */
  private handshakeTimeouts = 0;
  private opensConnection = false;

  constructor(
    private readonly links: LinkTable,
    private readonly accounting: LinkAccounting,
    private readonly bulk: BulkTransfers,
    private readonly bufferMs: number,
    streams: RandomStreams,
  ) {
    this.busyUntilMs = new Float64Array(links.arcCount);
    this.msPerByte = links.capacityBps.map((bps) => 8000 / bps);
    this.latencyMs = links.latencyNs.map((ns) => ns / 1e6);
    const streamsOf = (purpose: string, values: Float64Array): (RandomStream | undefined)[] =>
      links.names.map((name, link) =>
        values[link] > 0 ? streams.stream(`${purpose}/${name}`) : undefined,
      );
    this.jitterStreams = streamsOf('jitter', links.jitterMs);
    this.lossStreams = streamsOf('loss', links.lossRate);
  }

  /**
   * From here on the first message of each call opens a connection, or does not: what is lost of a
   * handshake waits for the timeout that holds before a round trip was measured.
   */
  setOpening(opensConnection: boolean): void {
    this.opensConnection = opensConnection;
  }

  /** Time of `messages` messages, one after the other, with `bytes` of payload in all. */
  forth(
    path: Int32Array,
    length: number,
    messages: number,
    bytes: number,
    traffic: number,
    nowMs: number,
  ): number {
    return this.pass(path, 0, length, 1, 0, messages, bytes, traffic, nowMs);
  }

  /** The same in the other direction of the path. */
  back(
    path: Int32Array,
    length: number,
    messages: number,
    bytes: number,
    traffic: number,
    nowMs: number,
  ): number {
    return this.pass(path, length - 1, -1, -1, 1, messages, bytes, traffic, nowMs);
  }

  /** @param flip 1 takes the other direction of each arc. */
  private pass(
    path: Int32Array,
    first: number,
    end: number,
    step: number,
    flip: number,
    messages: number,
    bytes: number,
    traffic: number,
    nowMs: number,
  ): number {
    const { accounting, links, busyUntilMs } = this;
    const { jitterMs: meanJitterMs, lossRate } = links;
    const { loadBps } = this.bulk;
    if (nowMs >= accounting.windowEndMs) accounting.advanceTo(nowMs);
    const packets = packetsOf(messages, bytes);
    const wireBytes = bytes + HEADER_BYTES * packets;
    const lineBytes = wireBytes + FRAMING_BYTES * packets;
    const messageBytes = lineBytes / messages;
    // Packets of one message overtake nothing but follow each other closely: every link delays the
    // first of them, the slowest link alone the rest.
    const packetBytes = Math.min(messageBytes, LINE_PACKET_BYTES);
    let clockMs = nowMs;
    let perMessageMs = 0;
    let propagationMs = 0;
    let slowestMsPerByte = 0;
    let jitterMs = 0;
    this.timeouts = 0;
    this.fastRetransmits = 0;
    this.handshakeTimeouts = 0;
    for (let i = first; i !== end; i += step) {
      const arc = path[i] ^ flip;
      const link = arc >> 1;
      const msPerByte = this.msPerByte[link];
      if (busyUntilMs[arc] > clockMs) clockMs = busyUntilMs[arc];
      busyUntilMs[arc] = clockMs + lineBytes * msPerByte;
      propagationMs += this.latencyMs[link];
      perMessageMs += packetBytes * msPerByte;
      if (loadBps[arc] > 0) perMessageMs += this.bulkQueueMs(arc, msPerByte);
      if (msPerByte > slowestMsPerByte) slowestMsPerByte = msPerByte;
      const cell = traffic * accounting.arcCount + arc;
      accounting.bytes[cell] += wireBytes;
      accounting.messages[cell] += messages;
      accounting.windowBytes[arc] += lineBytes;
      accounting.windowMessageBytes[arc] += lineBytes;
      if (meanJitterMs[link] > 0) jitterMs += this.drawJitterMs(link, messages);
      if (lossRate[link] > 0) this.drawLosses(link, messages, packets / messages);
    }
    perMessageMs += propagationMs + (messageBytes - packetBytes) * slowestMsPerByte;
    const payload = bytes / messages;
    if (payload > INITIAL_WINDOW_BYTES) {
      perMessageMs += slowStartStallMs(
        payload,
        2 * propagationMs,
        slowestMsPerByte / PAYLOAD_SHARE,
      );
    }
    let delayMs = clockMs - nowMs + messages * perMessageMs + jitterMs;
    if (this.timeouts > 0 || this.fastRetransmits > 0) delayMs += this.lossDelayMs(propagationMs);
    if (this.handshakeTimeouts > 0) delayMs += this.handshakeTimeouts * HANDSHAKE_TIMEOUT_MS;
    return delayMs;
  }

  /**
   * What bulk flows leave standing in front of an arc: full packets that come at random to a server
   * of constant speed (M/D/1), and, as their flows fill the link, the whole buffer.
   */
  private bulkQueueMs(arc: number, msPerByte: number): number {
    const share = this.bulk.loadBps[arc] / this.bulk.availableBps[arc];
    if (share >= 1) return this.bufferMs;
    const waitMs = (share / (2 * (1 - share))) * LINE_PACKET_BYTES * msPerByte;
    return Math.min(waitMs, this.bufferMs);
  }

  private drawJitterMs(link: number, messages: number): number {
    const stream = this.jitterStreams[link]!;
    const meanMs = this.links.jitterMs[link];
    let sumMs = 0;
    for (let i = 0; i < messages; i++) {
      // Of a train that is not whole, the last message weighs what it is.
      sumMs -= Math.min(1, messages - i) * meanMs * Math.log(1 - stream.uniform());
    }
    return sumMs;
  }

  private drawLosses(link: number, messages: number, packets: number): void {
    const stream = this.lossStreams[link]!;
    const loss = this.links.lossRate[link];
    const messageLoss = 1 - (1 - loss) ** packets;
    for (let i = 0; i < messages; i++) {
      if (stream.uniform() >= messageLoss) continue;
      if (i === 0 && this.opensConnection) {
        this.handshakeTimeouts += 1 + this.drawFurtherTimeouts(stream, loss);
        continue;
      }
      if (packets >= FAST_RETRANSMIT_PACKETS) this.fastRetransmits++;
      else this.timeouts++;
      this.timeouts += this.drawFurtherTimeouts(stream, loss);
    }
  }

  /** The retransmitted packet may be lost too; timeouts find that, each twice the last. */
  private drawFurtherTimeouts(stream: RandomStream, loss: number): number {
    let timeouts = 0;
    for (let timeout = 2; stream.uniform() < loss && timeout < 2 ** MOST_TIMEOUTS; timeout *= 2) {
      timeouts += timeout;
    }
    return timeouts;
  }

  /** Linux: the timeout is the smoothed round trip and four deviations, of at least 200 ms. */
  private lossDelayMs(propagationMs: number): number {
    const roundTripMs = 2 * propagationMs;
    const timeoutMs = roundTripMs + RETRANSMISSION_TIMEOUT_FLOOR_MS;
    return this.timeouts * timeoutMs + this.fastRetransmits * roundTripMs;
  }
}
