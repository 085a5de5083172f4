import { Etcd, type EtcdRequest } from '../../cloud/store/etcd.js';
import { defineEventKind } from '../../kernel/event-kind.js';
import { Simulator } from '../../kernel/simulator.js';
import { Network } from '../../net/network.js';
import type { Topology } from '../../net/topology.js';
import { RandomStreams } from '../../random/index.js';
import { FORWARD_BESIDE_MS, labCores, twoHosts } from '../wan-lab.js';
import { ClosedClients, type Exchange } from './closed-clients.js';
import type { ProbeContext, ProbeParameters, ProbeValues } from './probe.js';

const MEMBERS = 3;
/** The client stands beside member 0: it does not cross the emulator. */
const CLIENT_MS = 0.02;
const LOOPBACK_MS = 0.01;
/** Waking a sleeping member, each way: puts and gets at RTT 150 ms (scripts/calibrate). */
const PEER_WAKE_MS = 0.586;
/** Elections simulated for a mean, where no number is asked for. */
const ELECTIONS = 200;
/** A new request of the measuring client every so often. */
const RETRY_MS = 30;

const answered = defineEventKind('bench-etcd-answered', () => {});

/** Three members, each behind the same round trip from the others; the client beside the first. */
function triangle(rttMs: number): { topology: Topology; options: object } {
  const { topology, options } = twoHosts({ rttMs, rateMbit: 0, queueBytes: 0, loss: 0 });
  const [link] = topology.links;
  const third = { ...topology.sites[0], id: 'c', name: 'c' };
  const links = [link, { ...link, b: 2 }, { ...link, a: 1, b: 2 }];
  return { topology: { ...topology, sites: [...topology.sites, third], links }, options };
}

/**
 * A client of an etcd cluster of three, beside the first member.
 *
 * Parameters: `rttMs` between members, `op` (put, get, getserial), `leader` (`local`: that member,
 * `remote`: another), `heartbeatMs`, `electionMs`; without `op`, `events`: losses of a leader.
 * Values: `mean` and `p50` in ms; `unavailable` in s after the loss of the leader, a mean over events.
 */
export function etcd(parameters: ProbeParameters, { seed, backends }: ProbeContext): ProbeValues {
  const rttMs = Number(parameters.rttMs);
  const streams = new RandomStreams(seed, 1);
  const peerWakeMs = rttMs > 0 ? PEER_WAKE_MS : 0;
  const build = () => {
    const simulator = new Simulator();
    const { topology, options } = triangle(rttMs);
    const network = new Network(simulator, topology, options, streams);
    const cores = labCores(simulator, 0);
    const cluster = new Etcd({
      constants: backends.etcd,
      simulator,
      wire: {
        transitMs: (...way) => network.transitMs(...way) + peerWakeMs,
        roundTripMs: (a, b) => network.roundTripMs(a, b),
      },
      traffic: 0,
      members: Array.from({ length: MEMBERS }, (_, site) => ({ site, cpu: cores })),
      leader: parameters.leader === 'remote' ? 1 : 0,
      heartbeatMs: Number(parameters.heartbeatMs),
      electionMs: Number(parameters.electionMs),
      stream: streams.stream('elections'),
    });
    return { simulator, cores, cluster };
  };
  if (parameters.op === undefined) {
    return { unavailable: meanElectionS(build, Number(parameters.events ?? ELECTIONS)) };
  }
  const { simulator, cores, cluster } = build();
  const request = parameters.op as EtcdRequest;
  const exchange: Exchange = {
    clientMs: CLIENT_MS,
    besideMs: FORWARD_BESIDE_MS,
    wakeMs: 0,
    bytesOut: 100,
    bytesIn: 100,
    serve: (kind, target, argument) => cluster.ask(0, request, kind, target, argument),
  };
  const loopback = { transitMs: () => LOOPBACK_MS };
  const bench = new ClosedClients({ simulator, cores, network: loopback }, [exchange], 1);
  return bench.run(100 + 60 * rttMs);
}

/** From the loss to the first put that a survivor answers; it knows a leader by its first message. */
function meanElectionS(
  build: () => { simulator: Simulator; cluster: Etcd },
  elections: number,
): number {
  let sumMs = 0;
  for (let election = 0; election < elections; election++) {
    const { simulator, cluster } = build();
    const asked = { member: election % 2 === 0 ? 1 : 2 };
    const knownMs = cluster.loseLeader() + cluster.newsMs(asked.member);
    cluster.ask(asked.member, 'put', answered, asked, election);
    simulator.run();
    sumMs += knownMs + RETRY_MS / 2 + simulator.now;
  }
  return sumMs / elections / 1000;
}
