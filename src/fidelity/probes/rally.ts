import { defineEventKind } from '../../kernel/event-kind.js';
import { Simulator } from '../../kernel/simulator.js';
import { type Distribution, gamma, RandomStreams } from '../../random/index.js';
import { type Laboratory, loadRallyModel, type RallyModel, unitOf } from '../rally/laboratories.js';
import { LaboratoryStation } from '../rally/stations.js';
import type { ProbeContext, ProbeParameters, ProbeValues } from './probe.js';

/** One kind of call of an iteration, ready to be made. */
interface Call {
  /** As the report names it: `neutron.create_port (3)`. */
  readonly name: string;
  readonly station: number;
  readonly repeat: number;
  readonly demandMs: number;
  readonly perObjectMs: number;
  readonly waitMs: number;
  /** When Rally looks first whether it is done, and how often then; 0 where it need not look. */
  readonly pollAfterMs: number;
  readonly pollEveryMs: number;
  readonly retryShare: number;
  readonly retryPauseMs: number;
  readonly timeoutMs: number;
  readonly adds: string | undefined;
  readonly lists: string | undefined;
  /** Objects that a list shows at most. */
  readonly longestList: number;
}

/** Iterations simulated of a load that does not grow with their number. */
const STEADY_ITERATIONS = 4000;

const calledAgain = defineEventKind('rally-again', (iteration: Iteration) => iteration.submit());
const burstNext = defineEventKind('rally-burst', (iteration: Iteration) => iteration.burst());
const burstOver = defineEventKind('rally-computed', (iteration: Iteration) => iteration.rest());
const waited = defineEventKind('rally-waited', (iteration: Iteration) => iteration.served());
const arrival = defineEventKind('rally-arrival', (load: Load) => load.arrive());

/** One iteration of the scenario: its calls one after the other. */
class Iteration {
  private call = 0;
  private repeated = 0;
  private readonly startMs: number;
  private callStartMs: number;
  private failed = false;
  private demandMs = 0;
  private listMs = 0;
  private burstsLeft = 0;
  private server = 0;

  constructor(private readonly load: Load) {
    this.startMs = load.simulator.now;
    this.callStartMs = this.startMs;
  }

  /** For its own events, as is all that follows: a request begins. */
  submit(): void {
    const { load } = this;
    const call = load.calls[this.call];
    const station = load.stations[call.station];
    const objects = call.lists === undefined ? 0 : (load.objects.get(call.lists) ?? 0);
    const variation = load.variation();
    this.demandMs = (call.demandMs * variation) / station.bursts;
    this.listMs = call.perObjectMs * Math.min(call.longestList, objects) * variation;
    this.burstsLeft = station.bursts;
    this.server = load.choose(station);
    this.burst();
  }

  burst(): void {
    const { load } = this;
    const station = load.stations[load.calls[this.call].station];
    if (!station.isSticky) this.server = load.choose(station);
    // What was found is put into words in one go, after the last statement.
    const listMs = this.burstsLeft === 1 ? this.listMs : 0;
    station.serve(this.server, this.demandMs * station.busyShare + listMs, burstOver, this);
  }

  rest(): void {
    const { load } = this;
    const station = load.stations[load.calls[this.call].station];
    const elsewhereMs = this.demandMs * (1 - station.busyShare);
    if (--this.burstsLeft > 0) load.simulator.schedule(elsewhereMs, burstNext, this);
    else this.wait(elsewhereMs);
  }

  private wait(elsewhereMs: number): void {
    const { load } = this;
    const call = load.calls[this.call];
    if (call.retryShare > 0 && load.chance() < call.retryShare) {
      load.simulator.schedule(elsewhereMs + call.retryPauseMs, calledAgain, this);
      return;
    }
    const waitMs = call.waitMs > 0 ? call.waitMs * load.waitVariation() : 0;
    load.simulator.schedule(elsewhereMs + this.seenAfter(call, waitMs), waited, this);
  }

  /** Rally sees that a call is done when it next looks. */
  private seenAfter({ pollAfterMs, pollEveryMs }: Call, waitMs: number): number {
    if (pollEveryMs === 0) return waitMs;
    const looks = Math.ceil(Math.max(0, waitMs - pollAfterMs) / pollEveryMs);
    return pollAfterMs + looks * pollEveryMs;
  }

  served(): void {
    const { load } = this;
    const call = load.calls[this.call];
    if (call.adds !== undefined) {
      load.objects.set(call.adds, (load.objects.get(call.adds) ?? 0) + 1);
    }
    if (++this.repeated < call.repeat) {
      this.submit();
      return;
    }
    this.repeated = 0;
    const { now } = load.simulator;
    const tookMs = now - this.callStartMs;
    // A client gives up on a call after its timeout, and the iteration fails with it.
    const timedOut = tookMs > call.timeoutMs * call.repeat;
    load.record(call.name, tookMs, !timedOut);
    this.failed ||= timedOut;
    this.callStartMs = now;
    if (!this.failed && ++this.call < load.calls.length) {
      this.submit();
      return;
    }
    load.record('total', now - this.startMs, !this.failed);
    load.ended();
  }
}

/** Rally's runner with what it measured. */
class Load {
  readonly simulator = new Simulator();
  readonly objects = new Map<string, number>();
  private readonly durations = new Map<string, number[]>();
  private readonly successes = new Map<string, number>();
  readonly stations: readonly LaboratoryStation[];
  private readonly demands: Distribution;
  private readonly waits: Distribution;
  private readonly choices: RandomStreams;
  private started = 0;
  private finished = 0;

  constructor(
    model: RallyModel,
    laboratory: Laboratory,
    readonly calls: readonly Call[],
    private readonly iterations: number,
    private readonly everyMs: number,
    seed: string,
  ) {
    this.choices = new RandomStreams(seed, 1);
    this.demands = gamma(1, 1 / laboratory.variation ** 2);
    this.waits = gamma(1, 1 / laboratory['wait-variation'] ** 2);
    this.stations = Object.entries(model.stations).map(
      ([name, station]) =>
        new LaboratoryStation(this.simulator, station, laboratory.stations?.[name]),
    );
  }

  variation(): number {
    return this.demands.sample(this.choices.stream('demands'));
  }

  waitVariation(): number {
    return this.waits.sample(this.choices.stream('waits'));
  }

  choose(station: LaboratoryStation): number {
    return station.choose(this.choices.stream('server'));
  }

  chance(): number {
    return this.choices.stream('retry').uniform();
  }

  record(name: string, tookMs: number, success: boolean): void {
    let own = this.durations.get(name);
    if (!own) {
      own = [];
      this.durations.set(name, own);
    }
    own.push(tookMs);
    if (success) this.successes.set(name, (this.successes.get(name) ?? 0) + 1);
  }

  /** For its own events: an open load's next iteration. */
  arrive(): void {
    this.begin();
    if (this.started < this.iterations) this.simulator.schedule(this.everyMs, arrival, this);
  }

  begin(): void {
    this.started++;
    new Iteration(this).submit();
  }

  ended(): void {
    this.finished++;
    if (this.everyMs === 0 && this.started < this.iterations) this.begin();
  }

  run(concurrency: number): ProbeValues {
    if (this.everyMs > 0) this.arrive();
    for (let i = 0; this.everyMs === 0 && i < Math.min(concurrency, this.iterations); i++) {
      this.begin();
    }
    this.simulator.run();
    const values: Record<string, number> = {
      throughput: (1000 * this.finished) / this.simulator.now,
    };
    for (const [name, own] of this.durations) {
      const sorted = Float64Array.from(own).sort();
      const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] / 1000;
      values[`${name} mean`] = own.reduce((sum, value) => sum + value, 0) / own.length / 1000;
      values[`${name} median`] = at(0.5);
      values[`${name} 95th percentile`] = at(0.95);
      values[`${name} success`] = (100 * (this.successes.get(name) ?? 0)) / own.length;
    }
    return values;
  }
}

/**
 * Rally against the stations of a laboratory (models/rally/laboratories.yaml): every action's
 * duration in s by its report's name (`neutron.create_port (2) mean`, `total 95th percentile`),
 * `success` in %, and `throughput` in iterations a second.
 *
 * Parameters: `laboratory` (name), `calls` (names of the actions of an iteration, in order),
 * `times` (iterations), and `concurrency` (a closed load) or `rps` (an open one, evenly spaced).
 * @throws Error for an unknown laboratory or action
 */
export function rally(parameters: ProbeParameters, { seed }: ProbeContext): ProbeValues {
  return simulateRally(loadRallyModel(), parameters, seed);
}

/** The same with a model of one's own, for fitting. */
export function simulateRally(
  model: RallyModel,
  parameters: ProbeParameters,
  seed: string,
): ProbeValues {
  const laboratory = model.laboratories.find(({ name }) => name === parameters.laboratory);
  if (!laboratory) throw new Error(`there is no laboratory "${parameters.laboratory}"`);
  const calls = callsOf(model, laboratory, parameters.calls as readonly string[]);
  const grows = calls.some(({ lists }) => lists !== undefined) || parameters.concurrency === null;
  const times = Number(parameters.times);
  const load = new Load(
    model,
    laboratory,
    calls,
    grows ? Math.min(times, 2 * STEADY_ITERATIONS) : Math.min(times, STEADY_ITERATIONS),
    parameters.rps === null ? 0 : 1000 / Number(parameters.rps),
    seed,
  );
  return load.run(Number(parameters.concurrency ?? 0));
}

function callsOf(model: RallyModel, laboratory: Laboratory, names: readonly string[]): Call[] {
  const counts = new Map<string, number>();
  const stations = Object.keys(model.stations);
  return names.map((name) => {
    const found = unitOf(model, name);
    if (!found) throw new Error(`no action is called "${name}"`);
    const { action, repeat } = found;
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    const scaled = (seconds: number | undefined, speed: number) => (1000 * (seconds ?? 0)) / speed;
    const atStation = laboratory.stations?.[action.station]?.speed ?? laboratory.speed;
    const first = count === 1 ? scaled(action.first, atStation) : 0;
    return {
      name: count === 1 ? name : `${name} (${count})`,
      station: stations.indexOf(action.station),
      repeat,
      demandMs: scaled(action.demand, atStation),
      perObjectMs: scaled(action['per-object'], atStation),
      waitMs: scaled(action.wait, laboratory.speed) + first,
      pollAfterMs: 1000 * (action.poll?.after ?? 0),
      pollEveryMs: 1000 * (action.poll?.every ?? 0),
      retryShare: action.retry?.share ?? 0,
      retryPauseMs: 1000 * (action.retry?.pause ?? 0),
      timeoutMs: 1000 * action.timeout,
      adds: action.adds,
      lists: action.lists,
      longestList: action.lists === 'server' ? (laboratory['longest-list'] ?? Infinity) : Infinity,
    };
  });
}
