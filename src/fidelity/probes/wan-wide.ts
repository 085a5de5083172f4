import { defineEventKind } from '../../kernel/event-kind.js';
import { Simulator } from '../../kernel/simulator.js';
import { Network, TRAFFIC_KINDS } from '../../net/network.js';
import { type Distribution, gamma, RandomStreams } from '../../random/index.js';
import { Tally } from '../../stats/index.js';
import { loadWanWide, matching, type WanScenario } from '../campaigns.js';
import { twoHosts } from '../wan-lab.js';
import type { ProbeContext, ProbeParameters, ProbeValues } from './probe.js';

const RPC = TRAFFIC_KINDS.indexOf('rpc');
const CONTROL = 0;
const COMPUTE = 1;

/** Runs of a scenario: more than the measured twenty, for a mean without noise of its own. */
const ITERATIONS = 200;

const worked = defineEventKind('wan-wide-worked', (rally: RallyOverWan) => rally.exchange());
const asked = defineEventKind('wan-wide-asked', (rally: RallyOverWan) => rally.answer());
const answered = defineEventKind('wan-wide-answered', (rally: RallyOverWan) => rally.exchange());
const polled = defineEventKind('wan-wide-polled', (rally: RallyOverWan) => rally.nextPart());

/** One scenario of Rally at concurrency 1 against a control node with its compute behind a WAN. */
class RallyOverWan {
  readonly durations = new Tally();
  private readonly parts: number;
  private readonly fixed: Distribution;
  private part = 0;
  private left = 0;
  private partStartMs = 0;
  private startMs = 0;

  constructor(
    private readonly simulator: Simulator,
    private readonly network: Network,
    private readonly scenario: WanScenario,
    private readonly pollMs: number,
    private readonly bytes: number,
    private readonly streams: RandomStreams,
  ) {
    this.parts = Math.max(1, scenario.polls);
    // Parts vary independently, so that the whole has the scenario's coefficient of variation.
    const variation = scenario.variation * Math.sqrt(this.parts);
    this.fixed = gamma((1000 * scenario['fixed-s']) / this.parts, variation ** -2);
  }

  nextIteration(): void {
    this.startMs = this.simulator.now;
    this.part = 0;
    this.beginPart();
  }

  private beginPart(): void {
    const { exchanges } = this.scenario;
    const { part, parts } = this;
    this.left =
      Math.round((exchanges * (part + 1)) / parts) - Math.round((exchanges * part) / parts);
    this.partStartMs = this.simulator.now;
    const workMs = this.fixed.sample(this.streams.stream('wan-wide/work'));
    this.simulator.schedule(workMs, worked, this);
  }

  /** For its own events, as are the next two. */
  exchange(): void {
    if (this.left === 0) {
      this.endPart();
      return;
    }
    this.left--;
    const delayMs = this.network.transitMs(CONTROL, COMPUTE, this.bytes, RPC);
    this.simulator.schedule(delayMs, asked, this);
  }

  answer(): void {
    const delayMs = this.network.transitMs(COMPUTE, CONTROL, this.bytes, RPC);
    this.simulator.schedule(delayMs, answered, this);
  }

  /** Rally sees the end of a part when it asks next. */
  private endPart(): void {
    if (this.scenario.polls === 0) {
      this.nextPart();
      return;
    }
    const tookMs = this.simulator.now - this.partStartMs;
    const seenMs = Math.ceil(tookMs / this.pollMs) * this.pollMs;
    this.simulator.schedule(seenMs - tookMs, polled, this);
  }

  nextPart(): void {
    if (++this.part < this.parts) {
      this.beginPart();
      return;
    }
    this.durations.add((this.simulator.now - this.startMs) / 1000);
    if (this.durations.count < ITERATIONS) this.nextIteration();
  }
}

function durationsAt(name: string, rttMs: number, seed: string): Tally {
  const model = loadWanWide();
  const scenario = matching(model.scenarios, name);
  if (!scenario) throw new Error(`no scenario is called "${name}"`);
  const simulator = new Simulator();
  const rateMbit = model['host-rate-bps'] / 1e6;
  const { topology } = twoHosts({ rttMs, rateMbit, queueBytes: 0, loss: 0 });
  const streams = new RandomStreams(seed, 1);
  const network = new Network(simulator, topology, {}, streams);
  const pollMs = 1000 * model['poll-period-s'];
  const rally = new RallyOverWan(
    simulator,
    network,
    scenario,
    pollMs,
    model['message-bytes'],
    streams,
  );
  rally.nextIteration();
  simulator.run();
  return rally.durations;
}

/**
 * Rally over a WAN between control node and computes. Parameters: `scenario` (its metric's name) and
 * `rttsMs`, one or more. Values of the first: `mean` and `deviation` in s, `failed` in %: nothing in
 * this model fails. Over all of them by least squares: `slope` (round trips) and `intercept` (s).
 */
export function wanWide(parameters: ProbeParameters, { seed }: ProbeContext): ProbeValues {
  const rttsMs = parameters.rttsMs as readonly number[];
  const tallies = rttsMs.map((rttMs) => durationsAt(String(parameters.scenario), rttMs, seed));
  const [first] = tallies;
  const meanRtt = rttsMs.reduce((sum, rtt) => sum + rtt, 0) / rttsMs.length;
  const mean = tallies.reduce((sum, tally) => sum + tally.mean, 0) / tallies.length;
  let across = 0;
  let square = 0;
  rttsMs.forEach((rtt, i) => {
    across += (rtt - meanRtt) * (tallies[i].mean - mean);
    square += (rtt - meanRtt) ** 2;
  });
  const perMs = across / square;
  return {
    mean: first.mean,
    deviation: first.standardDeviation,
    failed: 0,
    slope: 1000 * perMs,
    intercept: mean - perMs * meanRtt,
  };
}
