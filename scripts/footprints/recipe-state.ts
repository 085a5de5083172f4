import type {
  Count,
  Quantity,
  StateVariable,
  Step,
} from '../../src/operations/procedure-schema.js';

/** The state of the cloud under which a recipe is read. */
export interface RecipeState {
  /** Servers with an allocation on the host, the operation's own included. */
  readonly serversOnHost: number;
  readonly serversListed: number;
  /** Whether the build saved the server's network cache before the external event's handler ran. */
  readonly cacheSavedFirst: boolean;
  /** Caches that hold nothing; all others hold what is asked. */
  readonly coldCaches: readonly string[];
}

/** A server alone on its host, caches warm, without a WAN: as in the traced runs. */
export const ALONE: RecipeState = {
  serversOnHost: 1,
  serversListed: 10,
  cacheSavedFirst: true,
  coldCaches: [],
};

function variableOf(variable: StateVariable, state: RecipeState): number {
  switch (variable) {
    case 'servers-on-host':
      return state.serversOnHost;
    case 'any-server-on-host':
      return Math.min(1, state.serversOnHost);
    case 'servers-listed':
      return state.serversListed;
    default:
      return 1;
  }
}

export function countOf(count: Count, state: RecipeState): number {
  if (typeof count === 'number') return count;
  if (typeof count === 'string') return variableOf(count, state);
  return count.base + count.each * variableOf(count.per, state);
}

export function amountOf(
  quantity: Quantity | undefined,
  parse: (text: string) => number,
  state: RecipeState,
): number {
  if (quantity === undefined) return 0;
  if (typeof quantity === 'string') return parse(quantity);
  return parse(quantity.base) + parse(quantity.each) * variableOf(quantity.per, state);
}

/** Whether the steps of a `when` are done; `signalled` says which signals were given. */
export function holds(
  when: Extract<Step, { when: unknown }>['when'],
  operation: string,
  byService: boolean,
  signalled: (signal: string) => boolean,
): boolean {
  const conditions = [
    when.operation === undefined || when.operation === operation,
    when.signal === undefined || signalled(when.signal),
    when.caller === undefined || byService,
  ];
  return conditions.every(Boolean) !== (when.not ?? false);
}
