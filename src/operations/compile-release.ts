import { distance } from 'fastest-levenshtein';
import type { ServiceName } from '../placement/deployment.js';
import { parseDuration } from '../units/index.js';
import { sizeAmount, ZERO } from './amount.js';
import { type CpuProfile, type OpenCall, StepCompiler, type StepNames } from './compile-steps.js';
import {
  Code,
  type Instruction,
  OSLO_RETRIES,
  type Program,
  type RetryPolicy,
} from './instruction.js';
import { NameTable } from './name-table.js';
import type { OperationsFile, ServiceFootprint, Step } from './procedure-schema.js';

/** A task that every instance repeats by itself. */
export interface PeriodicTask {
  readonly name: string;
  readonly everyMs: number;
  /** True: the first one starts at a random phase. */
  readonly spread: boolean;
  readonly program: Program;
}

/** A client operation, ready to run. */
export interface ClientOperation {
  readonly name: string;
  readonly index: number;
  /** Index in `StepNames.operations`. */
  readonly nameIndex: number;
  readonly program: Program;
  /** Indexes in `StepNames.milestones`, in the order in which they are reported. */
  readonly milestones: readonly number[];
  readonly milestoneNames: readonly string[];
}

/** A release's services under one set of settings. */
export interface CompiledRelease {
  readonly names: StepNames;
  readonly operations: readonly ClientOperation[];
  readonly periodicTasks: ReadonlyMap<ServiceName, readonly PeriodicTask[]>;
  readonly footprints: ReadonlyMap<ServiceName, ServiceFootprint>;
  /** What a REST request to a service passes before its procedure (token validation). */
  readonly middleware: ReadonlyMap<ServiceName, Program>;
}

const CLIENT_PROFILE: CpuProfile = {
  perRequestMs: 0,
  perSqlRoundTripMs: 0,
  perRpcSentMs: 0,
  perRestSentMs: 0,
  perSqlCheckoutMs: 0,
  perSqlKilobyteMs: 0,
};

function cpuProfile(footprint: ServiceFootprint): CpuProfile {
  return {
    perRequestMs: parseDuration(footprint.cpu['per-request']),
    perSqlRoundTripMs: parseDuration(footprint.cpu['per-sql-round-trip']),
    perRpcSentMs: parseDuration(footprint.cpu['per-rpc-sent']),
    perRestSentMs: parseDuration(footprint.cpu['per-rest-sent']),
    perSqlCheckoutMs: parseDuration(footprint.cpu['per-sql-checkout'] ?? '0 ms'),
    perSqlKilobyteMs: parseDuration(footprint.cpu['per-sql-kilobyte'] ?? '0 ms'),
  };
}

function retryPolicy({ 'deadlock-retries': retries }: ServiceFootprint): RetryPolicy {
  if (!retries) return OSLO_RETRIES;
  return {
    firstMs: parseDuration(retries.first),
    longestMs: parseDuration(retries.longest),
    most: retries.most ?? Infinity,
  };
}

function nearest(name: string, names: readonly string[]): string {
  const sorted = [...names].sort((a, b) => distance(name, a) - distance(name, b));
  return sorted[0] ?? 'none';
}

function program(name: string, instructions: Instruction[], request = ZERO, reply = ZERO): Program {
  const work = instructions.filter((instruction) => instruction.code !== Code.Return);
  const computesOnly = work.every((instruction) => instruction.code === Code.Cpu);
  const computeMs = computesOnly ? work.reduce((sum, { amount }) => sum + amount.base, 0) : 0;
  return { name, instructions, request, reply, subscribed: true, computesOnly, computeMs };
}

/**
 * Compiles every procedure, periodic task and client operation of a release and links the calls.
 * Throws an Error naming the caller where a call names a procedure that its service does not have.
 */
export class ReleaseCompiler {
  private readonly names: StepNames = {
    milestones: new NameTable(),
    locks: new NameTable(),
    caches: new NameTable(),
    signals: new NameTable(),
    settings: new NameTable(),
    operations: new NameTable(),
    tables: new NameTable(),
    rows: new NameTable(),
  };
  private readonly procedures = new Map<string, Program>();
  private readonly middleware = new Map<ServiceName, Program>();
  private readonly open: { caller: string; call: OpenCall }[] = [];

  constructor(
    private readonly services: readonly ServiceFootprint[],
    private readonly operations: OperationsFile,
  ) {}

  compile(): CompiledRelease {
    for (const footprint of this.services) this.compileProcedures(footprint);
    const periodicTasks = new Map(
      this.services.map((footprint) => [footprint.service, this.compileTasks(footprint)] as const),
    );
    const operations = Object.entries(this.operations.operations).map(([name, operation], index) =>
      this.compileOperation(name, operation, index),
    );
    for (const { caller, call } of this.open) this.link(caller, call);
    const footprints = new Map(this.services.map((service) => [service.service, service] as const));
    const { names, middleware } = this;
    return { names, operations, periodicTasks, footprints, middleware };
  }

  private compiler(
    name: string,
    profile: CpuProfile,
    compile: (compiler: StepCompiler) => void,
    retries: RetryPolicy = OSLO_RETRIES,
  ): Instruction[] {
    const compiler = new StepCompiler(profile, this.names, retries);
    try {
      compile(compiler);
    } catch (error) {
      throw new Error(`${name}: ${(error as Error).message}`);
    }
    compiler.here();
    compiler.emit(Code.Return);
    for (const call of compiler.openCalls) this.open.push({ caller: name, call });
    return compiler.instructions;
  }

  private compileProcedures(footprint: ServiceFootprint): void {
    const profile = cpuProfile(footprint);
    const retries = retryPolicy(footprint);
    for (const [key, procedure] of Object.entries(footprint.procedures)) {
      const name = `${footprint.service}/${key}`;
      const instructions = this.compiler(
        name,
        profile,
        (compiler) => {
          compiler.cpu({ base: profile.perRequestMs, each: 0, variable: -1 });
          compiler.steps(procedure.steps);
        },
        retries,
      );
      const { request, reply, subscribers } = procedure;
      const compiled = program(name, instructions, sizeAmount(request), sizeAmount(reply));
      compiled.subscribed = subscribers !== 'none';
      this.procedures.set(name, compiled);
    }
    const before = footprint['before-each-request'];
    if (before) this.compileMiddleware(footprint, profile, before);
  }

  private compileMiddleware(
    footprint: ServiceFootprint,
    profile: CpuProfile,
    steps: readonly Step[],
  ): void {
    const name = `${footprint.service}/before-each-request`;
    const instructions = this.compiler(
      name,
      profile,
      (compiler) => compiler.steps(steps),
      retryPolicy(footprint),
    );
    this.middleware.set(footprint.service, program(name, instructions));
  }

  private compileTasks(footprint: ServiceFootprint): PeriodicTask[] {
    return Object.entries(footprint['periodic-tasks'] ?? {}).map(
      ([task, { every, spread, steps }]) => {
        const name = `${footprint.service}/${task}`;
        const instructions = this.compiler(
          name,
          cpuProfile(footprint),
          (compiler) => compiler.steps(steps),
          retryPolicy(footprint),
        );
        return {
          name,
          everyMs: parseDuration(every),
          spread: spread ?? true,
          program: program(name, instructions),
        };
      },
    );
  }

  private compileOperation(
    name: string,
    operation: OperationsFile['operations'][string],
    index: number,
  ): ClientOperation {
    const milestoneNames = operation.milestones ?? ['done'];
    const instructions = this.compiler(`client/${name}`, CLIENT_PROFILE, (compiler) =>
      compiler.steps(operation.steps),
    );
    const milestones = milestoneNames.map((milestone) => this.names.milestones.index(milestone));
    return {
      name,
      index,
      nameIndex: this.names.operations.index(name),
      program: program(`client/${name}`, instructions),
      milestones,
      milestoneNames,
    };
  }

  private link(caller: string, { instruction, service, procedure }: OpenCall): void {
    const name = `${service}/${procedure}`;
    const target = this.procedures.get(name);
    if (!target) {
      const known = [...this.procedures.keys()].filter((key) => key.startsWith(`${service}/`));
      throw new Error(
        `${caller} calls ${name}, which ${service} does not have; nearest: ${nearest(name, known)}`,
      );
    }
    instruction.callee = target;
  }
}
