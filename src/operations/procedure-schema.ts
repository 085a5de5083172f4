import { z } from 'zod';
import { DATABASE_NAMES, SERVICE_NAMES } from '../placement/deployment.js';

/*
 * The step language: the form of the files in models/operations/<release>/.
 * An operation is a tree of steps; a step names a role, never a place.
 * Durations and sizes are strings with units ("3 ms", "321 B").
 */

/** What an amount can grow with: state of the simulated cloud at that moment. */
export const STATE_VARIABLES = [
  /** Servers with an allocation on the host of this operation, its own included. */
  'servers-on-host',
  /** 1 where that is at least one, else 0. */
  'any-server-on-host',
  /** Servers that the caller of a list sees. */
  'servers-listed',
  /** Computes registered in the cell of this operation. */
  'computes-in-cell',
  /** Hosts that the scheduler weighs. */
  'candidate-hosts',
  /** Servers of the whole cloud that have a host, or are being built on one. */
  'servers',
  /** What operations have created and not deleted (`record` steps). */
  'users-recorded',
  'projects-recorded',
  'roles-recorded',
] as const;
export type StateVariable = (typeof STATE_VARIABLES)[number];

/** Kinds of records that are counted, in the order of their state variables. */
export const RECORD_KINDS = ['user', 'project', 'role'] as const;
export type RecordKind = (typeof RECORD_KINDS)[number];

const stateVariable = z.enum(STATE_VARIABLES);
const quantity = z.string();

/** `12`, `servers-on-host`, or `{base: 4, each: 2, per: servers-on-host}` = 4 + 2 x servers. */
const count = z.union([
  z.number().min(0),
  stateVariable,
  z.strictObject({ base: z.number().min(0), each: z.number().min(0), per: stateVariable }),
]);
/** `3 ms`, or `{base: 105 ms, each: 3 ms, per: servers-listed}`. */
const duration = z.union([
  quantity,
  z.strictObject({ base: quantity, each: quantity, per: stateVariable }),
]);
const size = z.union([
  quantity,
  z.strictObject({ base: quantity, each: quantity, per: stateVariable }),
]);
export type Count = z.infer<typeof count>;
export type Quantity = z.infer<typeof duration>;

const database = z.enum(DATABASE_NAMES);
const service = z.enum(SERVICE_NAMES);
const call = z.strictObject({ to: service, procedure: z.string() });

export type Step =
  | { cpu: Quantity }
  | {
      /** One checkout of a pooled connection: round trips in a row, ping, COMMIT and ROLLBACK included. */
      sql: {
        database: z.infer<typeof database>;
        'round-trips': Count;
        /** Of these round trips, how many commit a transaction that wrote. Default 0. */
        'write-commits'?: number;
        /** Bytes of all round trips together, client to server and back. */
        sent?: Quantity;
        received?: Quantity;
        /**
         * The table that the statements are about: a key/value store keeps it on one of its nodes, a
         * database of ranges leads it from one.
         */
        table?: string;
        /** Reads of that range, one after the other. Default: what round trips are left for statements. */
        reads?: number;
        /** Statements that write to it, each replicated before the next. Default: `write-commits`. */
        writes?: number;
        /**
         * Rows that it writes and many others too. MariaDB locks them; on Galera each member does, and
         * certifies them: who comes second at another member is thrown out; so does CockroachDB. An
         * object mapper without such locks locks them one by one to write them.
         */
        rows?: string[];
        /**
         * Of each name there are so many rows, one of which it writes, drawn at random (default 1), or
         * every host has one, and it writes that of the host that the request is about.
         */
        'rows-of-name'?: number | 'hosts';
        /**
         * When it locks them: with the first statement (default; SELECT ... FOR UPDATE), or only as it
         * commits, as a transaction of one writing statement.
         */
        'rows-locked'?: 'first-statement' | 'commit';
        /** Rows of other tables that it joins; a key/value store fetches them key by key. Default 0. */
        relations?: number;
        /** Rows that its filter goes through in a key/value store, which has no index for it. Default 0. */
        scans?: Count;
        /** True: it conflicts with every other such transaction on the table (it scans what others write). */
        contended?: boolean;
        /** True: its reads go over the whole table, and so meet what others have just written. */
        scan?: boolean;
      };
    }
  /** One more record of a kind exists, or (-1) one less; amounts can grow with their number. */
  | { record: { kind: RecordKind; change: 1 | -1 } }
  | { 'rpc-call': z.infer<typeof call> }
  | { 'rpc-cast': z.infer<typeof call> }
  | { 'rpc-fanout': z.infer<typeof call> }
  | { rest: z.infer<typeof call> }
  | {
      /** Image bytes between this process and a service, as a bulk flow. */
      transfer: {
        service: 'glance-api';
        direction: 'download' | 'upload';
        size: Quantity | 'image-size';
      };
    }
  | { parallel: Step[][] }
  /** The steps once for every cell, all at once; inside, the database `nova` is that cell's. */
  | { 'each-cell': Step[] }
  /** The steps once for every compute of the cells in reach, one after the other; inside, nova-compute is that one's. */
  | { 'each-host': Step[] }
  | { repeat: { times: Count; steps: Step[] } }
  /** One holder at a time; `per` says of what: this operation's host, or its server. */
  | { lock: { name: string; per: 'host' | 'server'; steps: Step[] } }
  /** Goes on by itself; the caller does not wait. */
  | { spawn: Step[] }
  | { milestone: string }
  /** Repeats the steps, then waits `every`, until the operation has reached the milestone. */
  | { poll: { every: string; until: string; steps: Step[] } }
  /** `wait-for` blocks until a `signal` of that name was given for this operation's server. */
  | { 'wait-for': string }
  | { signal: string }
  /** Sleeps without computing; two values are the bounds of a uniform distribution. */
  | { delay: string | { uniform: [string, string] } }
  /**
   * Skips `miss` while a cached entry is younger than `lifetime`; `per` says who shares the entry.
   * `setting` names the boolean setting of the service that switches the cache on.
   */
  | {
      cache: {
        name: string;
        per: 'service-group' | 'site' | 'host';
        lifetime: string;
        setting?: string;
        miss: Step[];
      };
    }
  /**
   * Only for one operation, only once (or, with `not`, until) a signal was given to its server, or
   * only where a service made the request and not a client (with `not`: the other way round).
   */
  | {
      when: {
        operation?: string;
        signal?: string;
        caller?: 'service';
        not?: boolean;
        steps: Step[];
      };
    }
  /**
   * Chooses a host for the operation's server and claims it. Fails where none has room. Default: at
   * the client's site, or the nearest with room. `cell`: among all, by the view that this scheduler
   * has of them (the filter scheduler before Placement).
   */
  | { 'choose-host': { among?: 'cell' } }
  /** The host of this operation has claimed its server and saved its record for the schedulers. */
  | { 'report-host': Record<string, never> }
  /** Gives the host's room back; the server is gone. */
  | { 'release-host': Record<string, never> }
  /**
   * Picks a server of this site's users for the operation; fails where there is none. `take`: nobody
   * else can pick it any more (it is being deleted).
   */
  | { 'choose-server': { take?: boolean } };

const steps: z.ZodType<Step[]> = z.lazy(() => z.array(step));

const step: z.ZodType<Step> = z.union([
  z.strictObject({ cpu: duration }),
  z.strictObject({
    sql: z.strictObject({
      database,
      'round-trips': count,
      'write-commits': z.int().min(0).optional(),
      sent: size.optional(),
      received: size.optional(),
      table: z.string().optional(),
      reads: z.int().min(0).optional(),
      writes: z.int().min(0).optional(),
      contended: z.boolean().optional(),
      rows: z.array(z.string()).min(1).optional(),
      'rows-of-name': z.union([z.int().min(1), z.literal('hosts')]).optional(),
      'rows-locked': z.enum(['first-statement', 'commit']).optional(),
      relations: z.number().min(0).optional(),
      scans: count.optional(),
      scan: z.boolean().optional(),
    }),
  }),
  z.strictObject({
    record: z.strictObject({
      kind: z.enum(RECORD_KINDS),
      change: z.union([z.literal(1), z.literal(-1)]),
    }),
  }),
  z.strictObject({ 'rpc-call': call }),
  z.strictObject({ 'rpc-cast': call }),
  z.strictObject({ 'rpc-fanout': call }),
  z.strictObject({ rest: call }),
  z.strictObject({
    transfer: z.strictObject({
      service: z.literal('glance-api'),
      direction: z.enum(['download', 'upload']),
      size: z.union([z.literal('image-size'), size]),
    }),
  }),
  z.strictObject({ parallel: z.array(steps).min(2) }),
  z.strictObject({ 'each-cell': steps }),
  z.strictObject({ 'each-host': steps }),
  z.strictObject({ repeat: z.strictObject({ times: count, steps }) }),
  z.strictObject({
    lock: z.strictObject({ name: z.string(), per: z.enum(['host', 'server']), steps }),
  }),
  z.strictObject({ spawn: steps }),
  z.strictObject({ milestone: z.string() }),
  z.strictObject({ poll: z.strictObject({ every: z.string(), until: z.string(), steps }) }),
  z.strictObject({ 'wait-for': z.string() }),
  z.strictObject({ signal: z.string() }),
  z.strictObject({
    delay: z.union([z.string(), z.strictObject({ uniform: z.tuple([z.string(), z.string()]) })]),
  }),
  z.strictObject({
    cache: z.strictObject({
      name: z.string(),
      per: z.enum(['service-group', 'site', 'host']),
      lifetime: z.string(),
      setting: z.string().optional(),
      miss: steps,
    }),
  }),
  z.strictObject({
    when: z.strictObject({
      operation: z.string().optional(),
      signal: z.string().optional(),
      caller: z.literal('service').optional(),
      not: z.boolean().optional(),
      steps,
    }),
  }),
  z.strictObject({ 'choose-host': z.strictObject({ among: z.literal('cell').optional() }) }),
  z.strictObject({ 'report-host': z.strictObject({}) }),
  z.strictObject({ 'release-host': z.strictObject({}) }),
  z.strictObject({ 'choose-server': z.strictObject({ take: z.boolean().optional() }) }),
]) as z.ZodType<Step>;

/** What a service does when it gets a request or a message. */
const procedure = z.strictObject({
  /** File and place of the measurement. */
  source: z.string(),
  request: size.optional(),
  reply: size.optional(),
  /** `none`: a fanout to a topic without queues, which the broker confirms and drops. */
  subscribers: z.literal('none').optional(),
  steps,
});
export type Procedure = z.infer<typeof procedure>;

/** A task that every process of the service repeats by itself. */
const periodicTask = z.strictObject({
  source: z.string(),
  every: z.string(),
  /** The first one starts at a time uniform in [0, every). Default true. */
  spread: z.boolean().optional(),
  steps,
});

/** models/operations/<release>/services/<service>.yaml */
export const serviceSchema = z.strictObject({
  service,
  source: z.string(),
  /** How requests are served: `threads` hold a worker's thread to the end; `greenthreads` only share its CPU. */
  server: z.strictObject({
    model: z.enum(['threads', 'greenthreads']),
    /** Processes of an instance. */
    workers: z.int().min(1),
    /** Requests in flight in a worker. */
    concurrency: z.int().min(1),
    /** False: the server closes the connection after each answer, so each request pays a TCP handshake. */
    'keep-alive': z.boolean(),
    /** SQLAlchemy pool of a worker and database. */
    'pool-size': z.int().min(0),
    'pool-overflow': z.int().min(0),
    /** Default 30 s, SQLAlchemy's; longer where a blocking driver stops the process and not the thread. */
    'pool-timeout': quantity.optional(),
    'memory-per-worker': quantity.optional(),
    /** CPU in a second while nothing happens: of an instance's parent process, and of each worker. Default 0. */
    'idle-cpu-of-parent': quantity.optional(),
    'idle-cpu-per-worker': quantity.optional(),
    /** Connections to the bus that a process keeps. Default 2: one publishes, one consumes. */
    'bus-connections-per-worker': z.int().min(1).optional(),
    source: z.string(),
  }),
  /** CPU of the service's own code for what every step costs; fitted over all operations. */
  cpu: z.strictObject({
    'per-request': quantity,
    'per-sql-round-trip': quantity,
    'per-rpc-sent': quantity,
    'per-rest-sent': quantity,
    /**
     * Of the SQL library, for a checkout and for what it returns, after the answer; a database whose
     * client library is another (ROME) spends that one's instead. Default 0: it is all in
     * `per-sql-round-trip`, before the statement.
     */
    'per-sql-checkout': quantity.optional(),
    'per-sql-kilobyte': quantity.optional(),
    source: z.string(),
  }),
  /**
   * How it begins a transaction again that lost its row to another: the pause before, which doubles up
   * to the longest, and how often at most (default: without end). Default: oslo.db's `wrap_db_retry`,
   * 1 s, 10 s and 20 times.
   */
  'deadlock-retries': z
    .strictObject({
      first: quantity,
      longest: quantity,
      most: z.int().min(0).optional(),
      source: z.string(),
    })
    .optional(),
  /** Defaults of settings that caches and steps name. */
  settings: z.record(z.string(), z.union([z.boolean(), z.number(), z.string()])).optional(),
  /** Steps before every REST procedure (token validation middleware). */
  'before-each-request': steps.optional(),
  procedures: z.record(z.string(), procedure),
  'periodic-tasks': z.record(z.string(), periodicTask).optional(),
});
export type ServiceFootprint = z.infer<typeof serviceSchema>;

/** models/operations/<release>/operations.yaml: what users ask for. */
export const operationsSchema = z.strictObject({
  release: z.string(),
  source: z.string(),
  operations: z.record(
    z.string(),
    z.strictObject({
      summary: z.string(),
      source: z.string(),
      /** In the order in which they are reported; the last one ends the operation. Default: [done]. */
      milestones: z.array(z.string()).optional(),
      /** Steps of the client; `rest` goes to the endpoint of the client's site. */
      steps,
    }),
  ),
});
export type OperationsFile = z.infer<typeof operationsSchema>;
