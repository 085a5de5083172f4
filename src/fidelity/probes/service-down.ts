import { defineEventKind } from '../../kernel/event-kind.js';
import { Simulator } from '../../kernel/simulator.js';
import { Network, TRAFFIC_KINDS } from '../../net/network.js';
import { RandomStreams } from '../../random/index.js';
import { twoHosts } from '../wan-lab.js';
import type { ProbeContext, ProbeParameters, ProbeValues } from './probe.js';

const RPC = TRAFFIC_KINDS.indexOf('rpc');
/** nova's defaults: report_interval and service_down_time. */
const REPORT_MS = 10_000;
const DOWN_MS = 60_000;
/** Somebody asks for the list of services so often. */
const LOOK_MS = 1000;
const REPORT_BYTES = 1000;
const CUTS = 200;

const report = defineEventKind('service-report', (watched: WatchedService) => watched.report());
const arrived = defineEventKind('service-reported', (watched: WatchedService) => watched.note());
const look = defineEventKind('service-looked-at', (watched: WatchedService) => watched.look());

/** A compute whose link is cut, and who looks at it from the control node. */
class WatchedService {
  downAtMs = Number.NaN;
  private lastMs = 0;

  constructor(
    private readonly simulator: Simulator,
    private readonly network: Network,
    private readonly reportMs: number,
    private readonly downMs: number,
  ) {}

  report(): void {
    const delayMs = this.network.transitMs(1, 0, REPORT_BYTES, RPC);
    if (delayMs < Infinity) this.simulator.schedule(delayMs, arrived, this);
    this.simulator.schedule(this.reportMs, report, this);
  }

  note(): void {
    this.lastMs = this.simulator.now;
  }

  look(): void {
    if (this.simulator.now - this.lastMs > this.downMs) this.downAtMs = this.simulator.now;
    else this.simulator.schedule(LOOK_MS, look, this);
  }
}

/** A parameter, or what it is by default. */
function orDefault(parameters: ProbeParameters, name: string, value: number): number {
  return typeof parameters[name] === 'number' ? parameters[name] : value;
}

/**
 * Time from a link's cut, at any moment, until what is behind it is called down, mean over cuts.
 * Parameters, by default those of a nova-compute: reportMs, downMs, rttMs, cuts. Value: `down` (s).
 */
export function serviceDown(parameters: ProbeParameters, { seed }: ProbeContext): ProbeValues {
  const reportMs = orDefault(parameters, 'reportMs', REPORT_MS);
  const downMs = orDefault(parameters, 'downMs', DOWN_MS);
  const rttMs = orDefault(parameters, 'rttMs', 0);
  const cuts = orDefault(parameters, 'cuts', CUTS);
  const streams = new RandomStreams(seed, 1);
  let sumMs = 0;
  for (let cut = 0; cut < cuts; cut++) {
    const simulator = new Simulator();
    const pipe = { rttMs, rateMbit: 0, queueBytes: 0, loss: 0 };
    const { topology, options } = twoHosts(pipe);
    const network = new Network(simulator, topology, options, streams);
    const watched = new WatchedService(simulator, network, reportMs, downMs);
    simulator.schedule(0, report, watched);
    simulator.schedule(0, look, watched);
    const cutMs = 2 * reportMs + streams.stream('service-down/cut').uniform() * reportMs;
    simulator.runUntil(cutMs);
    network.setLinkUp(0, false);
    simulator.runUntil(cutMs + 2 * downMs);
    sumMs += watched.downAtMs - cutMs;
  }
  return { down: sumMs / cuts / 1000 };
}
