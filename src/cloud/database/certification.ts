/** The last write of a key that the group has ordered. */
interface KeyWrite {
  readonly member: number;
  readonly orderedMs: number;
}

/**
 * Galera's certification of keys that many transactions write: of two that did not see each other,
 * the one that is ordered first wins.
 */
export class Certification {
  private readonly last = new Map<number, KeyWrite>();

  /** @param ownWayMs one-way delay between two members */
  constructor(private readonly ownWayMs: (from: number, to: number) => number) {}

  /**
   * True: a write set of a member, begun at `beganMs` and ordered now, passes. False: it was begun
   * before its member could know of another member's write of the key.
   */
  passes(key: number, member: number, beganMs: number, nowMs: number): boolean {
    const last = this.last.get(key);
    if (last && last.member !== member) {
      const knownMs = last.orderedMs + this.ownWayMs(last.member, member);
      if (beganMs < knownMs) return false;
    }
    this.last.set(key, { member, orderedMs: nowMs });
    return true;
  }
}
