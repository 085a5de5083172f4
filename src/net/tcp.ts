/**
 * TCP over Ethernet as Linux does it. Sources: RFC 6928 (initial window), RFC 9438 (CUBIC), Linux
 * defaults, and measurements of Linux 6.18 over emulated links (CUBIC, initial window 10); the model
 * card docs/models/network.md compares the two.
 */

/** Payload of a full packet: 1500 bytes less IPv4 (20), TCP (20) and the timestamps option (12). */
export const SEGMENT_BYTES = 1448;

/** Headers of a packet that results count, as a capture would: Ethernet 14, IPv4 20, TCP 32. */
export const HEADER_BYTES = 66;

/** Ethernet's preamble (8), check sequence (4) and gap (12): nobody counts them, but they take time. */
export const FRAMING_BYTES = 24;

/** A full packet on the line. 1448 / 1538 = 94.1 %, and a 100 Mbit/s pipe measured 94.1 Mbit/s. */
export const LINE_PACKET_BYTES = SEGMENT_BYTES + HEADER_BYTES + FRAMING_BYTES;

/** Share of a link's capacity that full packets leave to their payload. */
export const PAYLOAD_SHARE = SEGMENT_BYTES / LINE_PACKET_BYTES;

/** Segments that a connection may send before its first acknowledgement (RFC 6928). */
export const INITIAL_WINDOW_SEGMENTS = 10;
export const INITIAL_WINDOW_BYTES = INITIAL_WINDOW_SEGMENTS * SEGMENT_BYTES;

/** Linux's TCP_RTO_MIN: the retransmission timeout is the round trip plus at least this. */
export const RETRANSMISSION_TIMEOUT_FLOOR_MS = 200;

/**
 * A handshake knows no round trip yet: a lost SYN or SYN-ACK is sent again after a second, then after
 * two more (RFC 6298, section 2.1; Linux's TCP_TIMEOUT_INIT).
 */
export const HANDSHAKE_TIMEOUT_MS = 1000;

/**
 * Of a message of fewer packets a lost one is found by timeout; of a longer one by the
 * acknowledgements of those that follow (three duplicates, RFC 5681), one round trip later.
 */
export const FAST_RETRANSMIT_PACKETS = 4;

/** Linux's net.ipv4.tcp_wmem[2]; smaller than tcp_rmem[2] (6 MiB), so it is what limits. */
export const MAX_WINDOW_BYTES = 4 * 1024 * 1024;

/** CUBIC's constants (RFC 9438, section 5): growth in segments / s^3, and the factor on loss. */
export const CUBIC_GROWTH = 0.4;
export const CUBIC_DECREASE = 0.7;

/** Packets of `messages` messages with this many bytes of payload in all. */
export function packetsOf(messages: number, bytes: number): number {
  return Math.max(messages, Math.ceil(bytes / SEGMENT_BYTES));
}

/**
 * Time that a sender waits for acknowledgements while it sends one message from an idle connection:
 * Linux falls back to the initial window after an idle timeout (tcp_slow_start_after_idle = 1), and
 * does not grow the window of a connection that does not fill it.
 *
 * Round i sends 10 segments x 2^i in a time d_i; where d_i is less than the round trip, the rest of it
 * is a wait. Without a rate limit that gives 1 + ceil(log2(1 + S / 14480)) rounds for a fetch over a
 * fresh connection, as measured.
 *
 * @param bytes of payload.
 * @param lineMsPerByte time of the slowest link on the path for a byte of payload.
 */
export function slowStartStallMs(
  bytes: number,
  roundTripMs: number,
  lineMsPerByte: number,
): number {
  let windowBytes = INITIAL_WINDOW_BYTES;
  let left = bytes;
  let stallMs = 0;
  while (left > windowBytes) {
    const waitMs = roundTripMs - windowBytes * lineMsPerByte;
    if (waitMs <= 0) break;
    stallMs += waitMs;
    left -= windowBytes;
    if (windowBytes < MAX_WINDOW_BYTES) windowBytes *= 2;
  }
  return stallMs;
}
