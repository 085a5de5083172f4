import { defineEventKind, type EventKind } from '../kernel/event-kind.js';
import type { Simulator } from '../kernel/simulator.js';
import { DEFAULT_NETWORK_OPTIONS, type NetworkOptions } from '../net/network-options.js';
import type { Topology } from '../net/topology.js';
import { ProcessorSharing } from '../resources/processor-sharing.js';
import type { FigureRow } from './figure.js';
import { numberIn } from './row-columns.js';

/** A pipe between two hosts of the laboratory of primitives. */
export interface Pipe {
  readonly rttMs: number;
  /** 0: no limit but the emulator's. */
  readonly rateMbit: number;
  /** Drop-tail queue in front of a limited pipe. */
  readonly queueBytes: number;
  /** Share of packets lost, each way. */
  readonly loss: number;
}

/** What the emulator carries without a limit: emulator_iperf3.csv at RTT 0. */
const EMULATOR_MBIT = 2733;
/** Its own round trip: emulator_ping.csv at RTT 0, idle. */
export const EMULATOR_RTT_MS = 0.034;

/** Two hosts behind the emulator: site 0 and site 1. */
export function twoHosts({ rttMs, rateMbit, queueBytes, loss }: Pipe): {
  topology: Topology;
  options: Partial<NetworkOptions>;
} {
  const capacityBps = 1e6 * (rateMbit > 0 ? rateMbit : EMULATOR_MBIT);
  const topology: Topology = {
    name: 'two hosts',
    attribution: '',
    sites: ['a', 'b'].map((id) => ({ id, name: id, tier: 'core' })),
    links: [
      {
        a: 0,
        b: 1,
        latencyMs: (rttMs + EMULATOR_RTT_MS) / 2,
        capacityBps,
        jitterMs: 0,
        lossRate: loss,
        medium: 'wired',
      },
    ],
  };
  const bufferMs =
    rateMbit > 0 ? (queueBytes * 8000) / capacityBps : DEFAULT_NETWORK_OPTIONS.bufferMs;
  return { topology, options: { bufferMs } };
}

/**
 * CPU of the laboratory beside its servers, in ms of one of its two cores. Sources: client_cpu and
 * emu_cpu_s per exchange of a_mariadb_throughput.csv, 1 and 64 clients at RTT 0, mean over statements.
 */
export const LAB_CORES = 2;
/** A client in C, for one exchange. */
export const CLIENT_MS = 0.018;
/**
 * The emulator's and the kernel's CPU for the frames of one exchange, each way. Nobody waits for it
 * beyond the emulator's own round trip: an exchange at RTT 0 takes less than its CPU adds up to.
 */
export const FORWARD_BESIDE_MS = 0.014;
/**
 * While a message is on its way, client, emulator and server go to sleep; waking them costs so much
 * each way. Source: select and connect at RTT 150 ms (a_mariadb_latency.csv), 0.36 ms an exchange.
 */
export const WAKE_MS = 0.18;

/** What waking costs each way at a round trip: nothing where all of them stay awake. */
export function wakeMs(rttMs: number): number {
  return rttMs > 0 ? WAKE_MS : 0;
}

/**
 * Share of its speed that a core loses while the other is busy, too (two vCPUs of one machine):
 * a_mariadb_throughput.csv, 1 and 64 clients at RTT 0 (scripts/calibrate/mariadb-lab.ts).
 */
export const CONTENTION = 0.2;

const SLICE_MS = 5;

/** The laboratory's cores, on which a job takes what it asks for at the mean, where there is a draw. */
class BenchCores extends ProcessorSharing {
  constructor(
    simulator: Simulator,
    contention: number,
    private readonly draw: (() => number) | undefined,
  ) {
    super(simulator, LAB_CORES, 1, contention);
  }

  override submit<Target>(
    demandMs: number,
    kind: EventKind<Target>,
    target: Target,
    argument: number,
  ): void {
    const { draw } = this;
    super.submit(draw ? demandMs * draw() : demandMs, kind, target, argument);
  }

  /** A job of other programs, of which the mean is known and no more. */
  submitOther(demandMs: number, kind: EventKind<undefined>): void {
    super.submit(demandMs, kind, undefined, 0);
  }
}

/**
 * Other programs of the laboratory's machine: so many cores on average. A thread fills one core
 * before there is work for a second one, so that a lone caller and its servers have the other.
 */
class OtherPrograms {
  constructor(
    readonly simulator: Simulator,
    private readonly cores: BenchCores,
    private readonly demandMs: number,
  ) {}

  run(): void {
    for (let restMs = this.demandMs; restMs > 0; restMs -= SLICE_MS) {
      this.cores.submitOther(Math.min(restMs, SLICE_MS), sliceOver);
    }
    this.simulator.schedule(SLICE_MS, slice, this);
  }
}

const sliceOver = defineEventKind('other-programs-over', () => {});
const slice = defineEventKind('other-programs', (programs: OtherPrograms) => programs.run());

/**
 * The two cores that everything shares, with what other programs take of them.
 * @param contention share of its speed that a core loses while the other is busy, too.
 * @param draw factor of a job's CPU, drawn anew for each; default: always 1.
 */
export function labCores(
  simulator: Simulator,
  otherCores: number,
  contention = 0,
  draw?: () => number,
): ProcessorSharing {
  const cores = new BenchCores(simulator, contention, draw);
  if (otherCores > 0) new OtherPrograms(simulator, cores, otherCores * SLICE_MS).run();
  return cores;
}

/** Columns with the CPU seconds of a bench's own parts. */
const OWN_CPU = [
  ...['server_cpu_s', 'broker_cpu_s', 'leader_cpu_s', 'client_cpu', 'emu_cpu_s'],
  ...['cpu_node1_s', 'cpu_node2_s', 'cpu_node3_s'],
];
/** No bench was measured with less of a machine than this left. */
const MOST_OTHER = 1.2;

/** Cores that other programs took while a row was measured: what was busy and not the bench's own, of which `unlistedS` CPU seconds are in no column. */
export function otherCoresOf(row: FigureRow, unlistedS = 0): number {
  const seconds = numberIn(row, 'elapsed');
  const busy = LAB_CORES * numberIn(row, 'machine_busy');
  if (!(seconds >= 1 && busy > 0)) return 0;
  const own =
    OWN_CPU.reduce((sum, column) => sum + (numberIn(row, column) || 0), unlistedS) / seconds;
  return Math.round(10 * Math.min(MOST_OTHER, Math.max(0, busy - own))) / 10;
}
