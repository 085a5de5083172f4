import { newGaleraBench } from './galera-bench.js';
import { type ClientWork, GaleraClients } from './galera-clients.js';
import type { Probe, ProbeContext, ProbeParameters, ProbeValues } from './probe.js';

/** Rounds of the widest round trip that are simulated, after a fifth of them as warm-up. */
const ROUNDS = 40;
/** And at least so long, in ms. */
const LEAST_MS = 250;

/**
 * Closed-loop clients on the members of a Galera group in the laboratory; see `newGaleraBench` for its
 * parameters. `clients`: groups of `ClientWork` with their `count`. Values: those of `GaleraClients`
 * over the measured clients, `p50 in units` of `unitMs`, and `paused`, the largest share of time for which flow control held a
 * member back.
 */
export const galera: Probe = (parameters: ProbeParameters, context: ProbeContext): ProbeValues => {
  const bench = newGaleraBench(parameters, context);
  const { simulator, database, widestMs } = bench;
  const groups = parameters.clients as unknown as readonly (ClientWork & { count: number })[];
  const works = groups.flatMap(({ count, ...work }) => new Array<ClientWork>(count).fill(work));
  const { flow } = database.replication;
  const clients = new GaleraClients(bench, works, context.seed);
  const spanMs = Number(parameters.spanMs ?? LEAST_MS + ROUNDS * widestMs);
  simulator.runFor(spanMs / 5);
  clients.reset();
  const pausedMs = flow.map((own) => own.pausedMs);
  simulator.runFor(spanMs);
  const paused = Math.max(...flow.map((own, member) => own.pausedMs - pausedMs[member])) / spanMs;
  const values = clients.values();
  return { ...values, 'p50 in units': values.p50 / Number(parameters.unitMs ?? 1), paused };
};
