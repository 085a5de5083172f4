/** What one run of a case did: how many events, in how much CPU, and what came out. */
export interface Outcome {
  /** Work items of the case (holds, customers' events, timers, messages): what the rate counts. */
  events: number;
  cpuS: number;
  /** Compared with the answer of the case named by `sameAnswerAs`. */
  answer: number;
  /** What else is worth printing, by name with its unit, such as `bytes_per_compute`. */
  figures?: Record<string, number>;
}

/** Other software that does the work of a case. */
export interface Peer {
  name: string;
  /** CPU of the same work, once its answer is found right; undefined where it is not installed. */
  cpuS(): number | undefined;
}

export interface BenchCase {
  /** Unique, with slashes: group, variant, size. */
  name: string;
  /** Exactly how many events a run must count; where absent, as many as the first run counted. */
  events?: number;
  /**
   * Sets up, and returns the run. Called again, the run goes on from where it stood, or does the same
   * again; it times the work alone, and throws if a count or an answer is wrong.
   */
  prepare(): () => Outcome;
  /** Runs that are not counted, for the compiler to be done; default 2. */
  primingRuns?: number;
  /** Name of the case whose rate this one's is divided by; default itself, which makes 1. */
  ratioTo?: string;
  /** Name of the case that must come to the very same answers. */
  sameAnswerAs?: string;
  /** The same work done by other software, where that is installed. */
  peer?: Peer;
}

export interface BenchGroup {
  name: string;
  /**
   * The cases, with every amount of work multiplied by `scale`; 1 is the benchmark, 0.001 a test.
   * Above 1 only simulated times grow, not what is simulated.
   */
  cases(scale: number): BenchCase[];
}

/** One line of the report; the names are those of the JSON. */
export interface BenchRow {
  name: string;
  group: string;
  events: number;
  cpu_s: number;
  rate_per_s: number;
  ratio_to: string;
  ratio: number;
  peer: string | null;
  peer_cpu_s: number | null;
  figures: Record<string, number>;
}

/** CPU seconds, user and system, that a function takes; garbage collector threads included. */
export function cpuSecondsOf(run: () => void): number {
  const start = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Throws where a benchmark is wrong: a fast wrong answer is worth nothing. */
export function assertEqual(what: string, actual: number, expected: number): void {
  if (actual !== expected) throw new Error(`${what}: ${actual}, expected ${expected}`);
}

export function assertWithin(what: string, actual: number, low: number, high: number): void {
  if (!(actual >= low && actual <= high)) {
    throw new Error(`${what}: ${actual}, expected ${low} to ${high}`);
  }
}
