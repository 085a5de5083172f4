/** Redis Cluster's number of hash slots. */
export const KEY_SLOTS = 16384;

/**
 * Hash slot of a key as Redis Cluster computes it (CRC-16/XMODEM of the key modulo 16384). ROME keeps
 * a table as one hash under the table's name, so a table is a key and stands on one node.
 */
export function keySlot(key: string): number {
  let crc = 0;
  for (let i = 0; i < key.length; i++) {
    crc ^= (key.charCodeAt(i) & 0xff) << 8;
    for (let bit = 0; bit < 8; bit++) {
      crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
    }
  }
  return crc % KEY_SLOTS;
}

/** Which of so many masters holds a slot: equal ranges in their order, as redis-trib deals them. */
export function masterOf(slot: number, masters: number): number {
  return Math.min(masters - 1, Math.floor(((slot + 0.5) * masters) / KEY_SLOTS));
}
