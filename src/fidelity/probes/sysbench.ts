import { SYSBENCH_SYSTEMS } from '../sysbench-systems.js';
import type { Probe, ProbeParameters, ProbeValues } from './probe.js';

/**
 * Sysbench's OLTP load on a database of the published measurements, by the universal scalability law:
 * with n threads without a pause a transaction takes aloneMs + serialMs (n - 1) + pairMs n (n - 1).
 * Parameters: `system` (a name in `SYSBENCH_SYSTEMS`), `threads`, and `factor`, which multiplies all
 * values: `rate` of transactions in 1/s, `mean` and `least` duration in ms, `cpu` in cores.
 * @throws Error for an unknown system
 */
export const sysbench: Probe = (parameters: ProbeParameters): ProbeValues => {
  const system = SYSBENCH_SYSTEMS.find(({ name }) => name === parameters.system);
  if (!system) throw new Error(`no system is called "${parameters.system}"`);
  const threads = Number(parameters.threads);
  const { aloneMs, serialMs, pairMs, cores, halfThreads, leastMs, leastPerThreadMs } = system;
  const meanMs = aloneMs + serialMs * (threads - 1) + pairMs * threads * (threads - 1);
  const factor = Number(parameters.factor ?? 1);
  return {
    rate: (factor * 1000 * threads) / meanMs,
    mean: factor * meanMs,
    least: factor * (leastMs + leastPerThreadMs * threads),
    cpu: (factor * cores * threads) / (threads + halfThreads),
  };
};
