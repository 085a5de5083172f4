/**
 * What happens when an event fires. A kind is defined once, at module level, and shared by all its
 * events, so that scheduling allocates no closure. It is also the form of every continuation in
 * fogplane: "a kind, its target and its argument".
 *
 * @example
 * const arrive = defineEventKind('customer-arrive', (shop: Shop, customer: number) => shop.enter(customer));
 * simulator.schedule(5, arrive, shop, 17);
 */
export interface EventKind<Target> {
  /** Unique, kebab-case; it enters the fingerprint of a run. */
  readonly name: string;
  /** Hash of the name: stable whatever the order in which modules are loaded. */
  readonly nameHash: number;
  /** Place in `eventKinds`, dense, given in load order: it names a kind in a record, never in a result. */
  readonly id: number;
  /** `argument` is an entity, an index or a token; it enters the fingerprint too. */
  readonly run: (target: Target, argument: number) => void;
}

/** 32-bit FNV-1a, enough to tell event names apart in a fingerprint. */
function hashName(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) {
    hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}

/** Every kind defined so far, by id. Id 0 is nobody's: a record with it holds a cancelled event. */
export const eventKinds: EventKind<never>[] = [
  { name: 'cancelled', nameHash: 0, id: 0, run: () => {} },
];

/** Defines a kind of event. Call it at module level, once per name. */
export function defineEventKind<Target>(
  name: string,
  run: (target: Target, argument: number) => void,
): EventKind<Target> {
  const kind = { name, nameHash: hashName(name), id: eventKinds.length, run };
  eventKinds.push(kind);
  return kind;
}
