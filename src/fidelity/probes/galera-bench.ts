import type { BackendConstants } from '../../cloud/backend-constants.js';
import { Galera } from '../../cloud/database/galera.js';
import type { Wire } from '../../cloud/wire.js';
import { defineEventKind } from '../../kernel/event-kind.js';
import { Simulator } from '../../kernel/simulator.js';
import { RandomStream } from '../../random/index.js';
import { ProcessorSharing } from '../../resources/processor-sharing.js';
import { GALERA_LAB } from '../galera-lab.js';
import type { ProbeContext, ProbeParameters } from './probe.js';

/** Sites at given round trips; nothing else is on the wire. */
class BenchWire implements Wire {
  constructor(private readonly oneWayMs: readonly (readonly number[])[]) {}

  transitMs(from: number, to: number): number {
    return this.oneWayMs[from][to];
  }

  roundTripMs(a: number, b: number): number {
    return this.oneWayMs[a][b] + this.oneWayMs[b][a];
  }
}

/**
 * Round trips between members from a list: one for all pairs, or one for each pair (1-2, 1-3, ...,
 * 2-3, ...).
 */
export function pairwise(members: number, rttsMs: readonly number[]): number[][] {
  const matrix = Array.from({ length: members }, () => new Array<number>(members).fill(0));
  let pair = 0;
  for (let a = 0; a < members; a++) {
    for (let b = a + 1; b < members; b++) {
      const rttMs = rttsMs.length === 1 ? rttsMs[0] : rttsMs[pair++];
      matrix[a][b] = rttMs;
      matrix[b][a] = rttMs;
    }
  }
  return matrix;
}

function withValues(
  constants: BackendConstants,
  values: Readonly<Record<string, number>>,
): BackendConstants {
  const changed = { ...constants.constants };
  for (const [name, value] of Object.entries(values)) changed[name] = { ...changed[name], value };
  return { ...constants, constants: changed };
}

const otherCame = defineEventKind('galera-bench-other', (others: OtherPrograms) => others.next());
const otherEnded = defineEventKind('galera-bench-other-ended', () => {});

/** Programs that have nothing to do with the measurement, at random times. */
class OtherPrograms {
  private readonly stream: RandomStream;

  constructor(
    private readonly simulator: Simulator,
    private readonly cpu: ProcessorSharing,
    private readonly share: number,
    seed: string,
  ) {
    this.stream = new RandomStream('others', `${seed}/others`);
    if (share > 0) this.wait();
  }

  next(): void {
    this.cpu.submit(GALERA_LAB.otherProgramMs, otherEnded, this, 0);
    this.wait();
  }

  private wait(): void {
    const meanMs = GALERA_LAB.otherProgramMs / (this.share * GALERA_LAB.cores);
    this.simulator.schedule(-meanMs * Math.log(1 - this.stream.uniform()), otherCame, this);
  }
}

/** A Galera group of the laboratory. */
export interface GaleraBench {
  readonly simulator: Simulator;
  readonly database: Galera;
  readonly cpu: ProcessorSharing;
  /** The round trip between the two furthest members, in ms. */
  readonly widestMs: number;
}

/**
 * Parameters: `members`, `rttsMs` (one, or one a pair), `window` (evs.user_send_window; with it
 * `sendWindow`, default Galera's), `othersShare` of the shared processors that other programs take, `statementMs` of the statement.
 */
export function newGaleraBench(parameters: ProbeParameters, context: ProbeContext): GaleraBench {
  const members = Number(parameters.members);
  const rttsMs = (parameters.rttsMs as readonly number[]).map(Number);
  const simulator = new Simulator();
  const cpu = new ProcessorSharing(simulator, GALERA_LAB.cores);
  new OtherPrograms(simulator, cpu, Number(parameters.othersShare ?? 0), context.seed);
  const widestMs = Math.max(...rttsMs);
  const isBusy = widestMs <= GALERA_LAB.leastRttMs;
  const lagMs = isBusy ? 0 : GALERA_LAB.wakingMs;
  const oneWayMs = pairwise(members, rttsMs).map((row) => row.map((ms) => (ms + lagMs) / 2));
  const constants = context.backends.galera;
  const values: Record<string, number> = {
    'cpu-per-statement': Number(parameters.statementMs),
    'cpu-per-group-message':
      constants.constants['cpu-per-group-message'].value + GALERA_LAB.emulatorMs,
  };
  values['commit-latency'] = isBusy ? GALERA_LAB.busyCommitMs : GALERA_LAB.idleCommitMs;
  if (parameters.window) {
    values['user-send-window'] = Number(parameters.window);
    values['send-window'] = Math.max(Number(parameters.window), 4);
  }
  const database = new Galera({
    id: 'lab',
    constants: withValues(constants, values),
    simulator,
    wire: new BenchWire(oneWayMs),
    traffic: 0,
    replicas: Array.from({ length: members }, (_, site) => ({ site, cpu })),
  });
  return { simulator, database, cpu, widestMs };
}
