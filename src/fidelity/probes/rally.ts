import { defineEventKind } from '../../kernel/event-kind.js';
import { Simulator } from '../../kernel/simulator.js';
import { type Distribution, gamma, RandomStreams } from '../../random/index.js';
import { FifoStation } from '../../resources/fifo-station.js';
import { ProcessorSharing } from '../../resources/processor-sharing.js';
import { type Laboratory, loadRallyModel, type RallyModel, unitOf } from '../rally/laboratories.js';
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
  readonly timeoutMs: number;
  readonly adds: string | undefined;
  readonly lists: string | undefined;
}

/** Iterations simulated of a load that does not grow with their number. */
const STEADY_ITERATIONS = 4000;

const submitted = defineEventKind('rally-waited', (iteration: Iteration) => iteration.served());
const over = defineEventKind('rally-served', (iteration: Iteration) => iteration.wait());
const arrival = defineEventKind('rally-arrival', (load: Load) => load.arrive());

/** One iteration of the scenario: its calls one after the other. */
class Iteration {
  private call = 0;
  private repeated = 0;
  private readonly startMs: number;
  private callStartMs: number;
  private failed = false;

  constructor(private readonly load: Load) {
    this.startMs = load.simulator.now;
    this.callStartMs = this.startMs;
  }

  submit(): void {
    const { load } = this;
    const call = load.calls[this.call];
    const objects = call.lists === undefined ? 0 : (load.objects.get(call.lists) ?? 0);
    const demandMs = (call.demandMs + call.perObjectMs * objects) * load.variation();
    load.serve(call.station, demandMs, this);
  }

  /** For its own events, as is the next. */
  wait(): void {
    const { load } = this;
    const waitMs = load.calls[this.call].waitMs * load.waitVariation();
    load.simulator.schedule(waitMs, submitted, this);
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
  private readonly spread: (ProcessorSharing[] | FifoStation)[] = [];
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
    this.waits = gamma(1, 1 / model['wait-variation'] ** 2);
    Object.entries(model.stations).forEach(([name, { kind, servers }]) => {
      const count = laboratory.servers?.[name] ?? servers;
      this.spread.push(
        kind === 'line'
          ? new FifoStation(this.simulator, count)
          : Array.from({ length: count }, () => new ProcessorSharing(this.simulator, 1)),
      );
    });
  }

  variation(): number {
    return this.demands.sample(this.choices.stream('demands'));
  }

  waitVariation(): number {
    return this.waits.sample(this.choices.stream('waits'));
  }

  serve(station: number, demandMs: number, iteration: Iteration): void {
    const at = this.spread[station];
    if (at instanceof FifoStation) {
      at.submit(demandMs, over, iteration, 0);
      return;
    }
    const server = Math.floor(this.choices.stream('server').uniform() * at.length);
    at[server].submit(demandMs, over, iteration, 0);
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
  const calls = callsOf(model, laboratory.speed, parameters.calls as readonly string[]);
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

function callsOf(model: RallyModel, speed: number, names: readonly string[]): Call[] {
  const counts = new Map<string, number>();
  const stations = Object.keys(model.stations);
  return names.map((name) => {
    const found = unitOf(model, name);
    if (!found) throw new Error(`no action is called "${name}"`);
    const { action, repeat } = found;
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    const ms = (seconds: number | undefined) => (1000 * (seconds ?? 0)) / speed;
    return {
      name: count === 1 ? name : `${name} (${count})`,
      station: stations.indexOf(action.station),
      repeat,
      demandMs: ms(action.demand) + (count === 1 ? ms(action.first) : 0),
      perObjectMs: ms(action['per-object']),
      waitMs: ms(action.wait),
      timeoutMs: 1000 * action.timeout,
      adds: action.adds,
      lists: action.lists,
    };
  });
}
