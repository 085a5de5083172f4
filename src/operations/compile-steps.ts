import type { TableAccess } from '../cloud/database/database.js';
import { keySlot } from '../cloud/database/key-slot.js';
import { DATABASE_NAMES, SERVICE_NAMES, type ServiceName } from '../placement/deployment.js';
import { parseDuration } from '../units/index.js';
import {
  type Amount,
  constantAmount,
  countAmount,
  durationAmount,
  isZero,
  scaled,
  sizeAmount,
  sumOf,
  ZERO,
} from './amount.js';
import {
  Code,
  type Instruction,
  OSLO_RETRIES,
  type RetryPolicy,
  rowCount,
  TRIPS_AFTER_LOCK,
  TRIPS_BEFORE_LOCK,
} from './instruction.js';
import type { NameTable } from './name-table.js';
import { RECORD_KINDS, type Step } from './procedure-schema.js';

/** What every step of a service costs in CPU, in ms; all 0 for a client. */
export interface CpuProfile {
  perRequestMs: number;
  perSqlRoundTripMs: number;
  perRpcSentMs: number;
  perRestSentMs: number;
  /** After the answer: for a checkout, and for each kB that it returned. */
  perSqlCheckoutMs: number;
  perSqlKilobyteMs: number;
}

/** Names shared by all programs of a run. */
export interface StepNames {
  milestones: NameTable;
  locks: NameTable;
  caches: NameTable;
  signals: NameTable;
  settings: NameTable;
  operations: NameTable;
  tables: NameTable;
  rows: NameTable;
}

/** A call whose target program is not known until every service is compiled. */
export interface OpenCall {
  instruction: Instruction;
  service: ServiceName;
  procedure: string;
}

const NO_ROWS: readonly number[] = [];

export const CACHE_SCOPES = ['service-group', 'site', 'host'] as const;
export const LOCK_SCOPES = ['host', 'server'] as const;

/** Turns steps into instructions, appended to one flat list. */
export class StepCompiler {
  readonly instructions: Instruction[] = [];
  readonly openCalls: OpenCall[] = [];

  constructor(
    private readonly profile: CpuProfile,
    private readonly names: StepNames,
    private readonly retries: RetryPolicy = OSLO_RETRIES,
  ) {}

  emit(code: Code, fields: Partial<Instruction> = {}): Instruction {
    const instruction: Instruction = {
      code,
      a: fields.a ?? 0,
      b: fields.b ?? 0,
      c: fields.c ?? 0,
      setting: fields.setting ?? -1,
      amount: fields.amount ?? ZERO,
      sent: fields.sent ?? ZERO,
      received: fields.received ?? ZERO,
      callee: undefined,
      access: fields.access,
      relations: fields.relations ?? 0,
      scanned: fields.scanned ?? ZERO,
      apart: fields.apart ?? 0,
      rows: fields.rows ?? NO_ROWS,
      rowsOfName: fields.rowsOfName ?? 1,
      retries: this.retries,
      branches: fields.branches ?? [],
    };
    this.instructions.push(instruction);
    return instruction;
  }

  /** CPU of neighbouring steps is one burst, unless something jumps in between. */
  cpu(amount: Amount): void {
    if (isZero(amount)) return;
    const last = this.instructions.length - 1;
    if (last >= this.barrier && this.instructions[last].code === Code.Cpu) {
      const sum = sumOf(this.instructions[last].amount, amount);
      if (sum) {
        this.instructions.pop();
        this.emit(Code.Cpu, { amount: sum });
        return;
      }
    }
    this.emit(Code.Cpu, { amount });
  }

  steps(steps: readonly Step[]): void {
    for (const step of steps) this.step(step);
  }

  /** First address that CPU may still be merged into; a jump target is never merged across. */
  private barrier = 0;

  /** Marks the next address as a jump target. */
  here(): number {
    this.barrier = this.instructions.length;
    return this.instructions.length;
  }

  private step(step: Step): void {
    if ('cpu' in step) this.cpu(durationAmount(step.cpu));
    else if ('sql' in step) this.sql(step.sql);
    else if ('rest' in step) this.rest(step.rest);
    else if ('rpc-call' in step) this.rpcCall(step['rpc-call']);
    else if ('rpc-cast' in step) this.rpcCast(step['rpc-cast']);
    else if ('rpc-fanout' in step) this.rpcFanout(step['rpc-fanout']);
    else if ('parallel' in step) this.parallel(step.parallel);
    else if ('each-cell' in step) this.eachCell(step['each-cell']);
    else if ('spawn' in step) this.spawn(step.spawn);
    else if ('each-host' in step) this.eachHost(step['each-host']);
    else if ('repeat' in step) this.repeat(step.repeat);
    else if ('lock' in step) this.lock(step.lock);
    else if ('poll' in step) this.poll(step.poll);
    else if ('cache' in step) this.cache(step.cache);
    else if ('when' in step) this.when(step.when);
    else this.simpleStep(step);
  }

  private simpleStep(step: Step): void {
    if ('record' in step) {
      this.emit(Code.Record, {
        a: RECORD_KINDS.indexOf(step.record.kind),
        b: step.record.change,
      });
    } else if ('milestone' in step) {
      this.emit(Code.Milestone, { a: this.names.milestones.index(step.milestone) });
    } else if ('wait-for' in step) {
      this.emit(Code.WaitFor, { a: this.names.signals.index(step['wait-for']) });
    } else if ('signal' in step) {
      this.emit(Code.Signal, { a: this.names.signals.index(step.signal) });
    } else if ('delay' in step) {
      const bounds = typeof step.delay === 'string' ? [step.delay, step.delay] : step.delay.uniform;
      this.emit(Code.Delay, {
        amount: constantAmount(parseDuration(bounds[0])),
        c: parseDuration(bounds[1]),
      });
    } else if ('transfer' in step) {
      const image = step.transfer.size === 'image-size';
      this.emit(Code.Transfer, {
        a: SERVICE_NAMES.indexOf(step.transfer.service),
        b: step.transfer.direction === 'download' ? 1 : 0,
        c: image ? 1 : 0,
        amount: image ? ZERO : sizeAmount(step.transfer.size),
      });
    } else if ('choose-host' in step) {
      this.emit(step['choose-host'].among ? Code.ChooseHostInCell : Code.ChooseHost);
    } else if ('report-host' in step) this.emit(Code.ReportHost);
    else if ('release-host' in step) this.emit(Code.ReleaseHost);
    else if ('choose-server' in step) {
      this.emit(Code.ChooseServer, { b: step['choose-server'].take ? 1 : 0 });
    } else throw new Error(`unknown step ${JSON.stringify(step)}`);
  }

  private sql(sql: Extract<Step, { sql: unknown }>['sql']): void {
    const roundTrips = countAmount(sql['round-trips']);
    const work = scaled(roundTrips, this.profile.perSqlRoundTripMs);
    // The service's own work lies between the statements: others wait for it, too.
    if (!sql.contended) this.cpu(work);
    const a = DATABASE_NAMES.indexOf(sql.database);
    const commits = sql['write-commits'] ?? 0;
    // Without a table, statements are spread over the nodes of a key/value store.
    const c = keySlot(sql.table ?? `${sql.database}-${this.instructions.length}`);
    const access = this.access(sql);
    const rows =
      sql.rows?.map((name) => this.names.rows.index(`${sql.database}.${name}`)) ?? NO_ROWS;
    const rowsOfName = rowCount(sql['rows-of-name']);
    const locksFirst = rows.length > 0 && sql['rows-locked'] !== 'commit';
    const again = this.here();
    const received = sizeAmount(sql.received);
    this.emit(Code.SqlAcquire, { a, b: commits });
    if (locksFirst) {
      this.emit(Code.SqlWire, { a, b: 1, amount: constantAmount(TRIPS_BEFORE_LOCK) });
      this.emit(Code.RowLock, { a, rows, rowsOfName });
      this.emit(Code.SqlCheck, { b: again });
    }
    const sent = sizeAmount(sql.sent);
    const scanned = sql.scans === undefined ? ZERO : countAmount(sql.scans);
    const apart = locksFirst ? TRIPS_BEFORE_LOCK + TRIPS_AFTER_LOCK : 0;
    const shared = { a, c, access, relations: sql.relations ?? 0, rows, rowsOfName };
    const asked = { amount: roundTrips, received, scanned };
    this.emit(Code.SqlWire, { ...shared, ...asked, sent, apart });
    this.emit(Code.SqlExecute, { ...shared, ...asked });
    this.emit(Code.SqlCheck, { b: again });
    if (sql.contended) this.cpu(work);
    this.mapRows(received);
    if (commits > 0) {
      this.emit(Code.SqlCommit, { ...shared, b: commits });
      this.emit(Code.SqlCheck, { b: again });
    }
    if (locksFirst) {
      this.emit(Code.SqlWire, { a, b: 1, amount: constantAmount(TRIPS_AFTER_LOCK) });
    }
    this.emit(Code.SqlRelease, { a });
  }

  private access(sql: Extract<Step, { sql: unknown }>['sql']): TableAccess | undefined {
    if (sql.table === undefined) return undefined;
    return {
      table: this.names.tables.index(`${sql.database}.${sql.table}`),
      reads: sql.reads,
      writes: sql.writes ?? sql['write-commits'] ?? 0,
      contended: sql.contended ?? false,
      scan: sql.scan ?? false,
    };
  }

  /** The SQL library's work on an answer, where it is reckoned apart. */
  private mapRows(received: Amount): void {
    const { perSqlCheckoutMs, perSqlKilobyteMs } = this.profile;
    if (perSqlCheckoutMs === 0 && perSqlKilobyteMs === 0) return;
    const { base, each, variable } = received;
    const amount = {
      base: perSqlCheckoutMs + (base / 1000) * perSqlKilobyteMs,
      each: (each / 1000) * perSqlKilobyteMs,
      variable,
    };
    this.emit(Code.SqlMap, { amount });
  }

  private open(instruction: Instruction, call: { to: ServiceName; procedure: string }): void {
    this.openCalls.push({ instruction, service: call.to, procedure: call.procedure });
  }

  private rest(call: { to: ServiceName; procedure: string }): void {
    const a = SERVICE_NAMES.indexOf(call.to);
    this.cpu(constantAmount(this.profile.perRestSentMs));
    const request = this.emit(Code.RestRequest, { a });
    this.open(request, call);
    this.open(this.emit(Code.RestAdmit, { a }), call);
    this.open(this.emit(Code.RestReply, { a }), call);
    // Where the role is not called in this deployment, the request jumps over its answer.
    request.b = this.here();
  }

  private rpcCall(call: { to: ServiceName; procedure: string }): void {
    const a = SERVICE_NAMES.indexOf(call.to);
    this.cpu(constantAmount(this.profile.perRpcSentMs));
    const publish = this.emit(Code.RpcPublish, { a });
    this.open(publish, call);
    this.courier(call, a);
    this.emit(Code.RpcReplyPublish, { a });
    this.emit(Code.RpcReplyRelay, { a });
    this.emit(Code.RpcReplyDeliver, { a });
    this.emit(Code.RpcReplied, { a });
    publish.b = this.here();
  }

  /** From the broker to the end of the procedure at the consumer. */
  private courier(call: { to: ServiceName; procedure: string }, a: number): void {
    this.open(this.emit(Code.RpcRelay, { a }), call);
    this.open(this.emit(Code.RpcDeliver, { a }), call);
    this.open(this.emit(Code.RpcAdmit, { a }), call);
  }

  private rpcCast(call: { to: ServiceName; procedure: string }): void {
    this.send(call, Code.CastFork);
  }

  private rpcFanout(call: { to: ServiceName; procedure: string }): void {
    this.send(call, Code.FanoutFork);
  }

  /** The publisher goes on after its confirm; each message goes its own way from the broker. */
  private send(call: { to: ServiceName; procedure: string }, fork: Code): void {
    const a = SERVICE_NAMES.indexOf(call.to);
    this.cpu(constantAmount(this.profile.perRpcSentMs));
    const publish = this.emit(Code.RpcPublish, { a, c: fork === Code.FanoutFork ? 2 : 1 });
    this.open(publish, call);
    const forked = this.emit(fork, { a });
    this.open(forked, call);
    this.courier(call, a);
    this.emit(Code.BranchEnd);
    publish.b = this.here();
    forked.b = publish.b;
  }

  private parallel(branches: readonly (readonly Step[])[]): void {
    const starts: number[] = [];
    const fork = this.emit(Code.Fork, { branches: starts });
    for (const branch of branches) {
      starts.push(this.here());
      this.steps(branch);
      this.emit(Code.BranchEnd);
    }
    fork.b = this.here();
    this.emit(Code.Join);
    this.here();
  }

  private eachCell(steps: readonly Step[]): void {
    const starts: number[] = [];
    const fork = this.emit(Code.ForkCells, { branches: starts });
    starts.push(this.here());
    this.steps(steps);
    this.emit(Code.BranchEnd);
    fork.b = this.here();
    this.emit(Code.Join);
    this.here();
  }

  private spawn(steps: readonly Step[]): void {
    const starts: number[] = [];
    const spawn = this.emit(Code.Spawn, { branches: starts });
    starts.push(this.here());
    this.steps(steps);
    this.emit(Code.BranchEnd);
    spawn.b = this.here();
  }

  private repeat(repeat: Extract<Step, { repeat: unknown }>['repeat']): void {
    const begin = this.emit(Code.RepeatBegin, { amount: countAmount(repeat.times) });
    const top = this.here();
    this.steps(repeat.steps);
    this.emit(Code.RepeatEnd, { b: top });
    begin.b = this.here();
  }

  private eachHost(steps: readonly Step[]): void {
    const begin = this.emit(Code.HostsBegin);
    const top = this.here();
    this.steps(steps);
    this.emit(Code.HostsEnd, { b: top });
    begin.b = this.here();
  }

  private lock(lock: Extract<Step, { lock: unknown }>['lock']): void {
    const a = this.names.locks.index(lock.name);
    const b = LOCK_SCOPES.indexOf(lock.per);
    this.emit(Code.LockAcquire, { a, b });
    this.here();
    this.steps(lock.steps);
    this.emit(Code.LockRelease, { a, b });
  }

  private poll(poll: Extract<Step, { poll: unknown }>['poll']): void {
    const a = this.names.milestones.index(poll.until);
    const top = this.here();
    this.steps(poll.steps);
    const check = this.emit(Code.PollCheck, { a });
    this.emit(Code.PollPause, { amount: durationAmount(poll.every), b: top });
    check.b = this.here();
  }

  private when(when: Extract<Step, { when: unknown }>['when']): void {
    const { operation, signal, caller, not, steps } = when;
    const jumps: Instruction[] = [];
    const c = not ? 1 : 0;
    if (caller !== undefined) jumps.push(this.emit(Code.WhenCalledByService, { c }));
    if (operation !== undefined) {
      jumps.push(this.emit(Code.WhenOperation, { a: this.names.operations.index(operation), c }));
    }
    if (signal !== undefined) {
      jumps.push(this.emit(Code.WhenSignal, { a: this.names.signals.index(signal), c }));
    }
    this.here();
    this.steps(steps);
    const end = this.here();
    for (const jump of jumps) jump.b = end;
  }

  private cache(cache: Extract<Step, { cache: unknown }>['cache']): void {
    const fields = {
      a: this.names.caches.index(cache.name),
      amount: constantAmount(CACHE_SCOPES.indexOf(cache.per)),
      c: parseDuration(cache.lifetime),
      setting: cache.setting === undefined ? -1 : this.names.settings.index(cache.setting),
    };
    const check = this.emit(Code.CacheCheck, fields);
    this.here();
    this.steps(cache.miss);
    this.emit(Code.CacheFill, fields);
    check.b = this.here();
  }
}
