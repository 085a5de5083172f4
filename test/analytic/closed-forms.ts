/** What theory says of a station in its steady state. Rates in 1/ms, times in ms. */
export interface SteadyState {
  /** Mean share of the servers that are busy. */
  utilisation: number;
  /** Mean number waiting, those in service not counted. */
  meanQueueLength: number;
  /** Mean number waiting or in service. */
  meanInSystem: number;
  /** Mean time from arrival to departure. */
  meanResponseMs: number;
}

/** From the mean queue by Little's law: J. D. C. Little, Operations Research 9(3), 1961. */
function steadyState(
  arrivalRate: number,
  meanServiceMs: number,
  servers: number,
  meanQueueLength: number,
): SteadyState {
  const load = arrivalRate * meanServiceMs;
  if (!(load < servers))
    throw new RangeError(`a load of ${load} on ${servers} has no steady state`);
  const meanInSystem = meanQueueLength + load;
  return {
    utilisation: load / servers,
    meanQueueLength,
    meanInSystem,
    meanResponseMs: meanInSystem / arrivalRate,
  };
}

/**
 * Probability that an arrival has to wait in M/M/c, at `load` erlang: A. K. Erlang, 1917; here
 * through the recursion of the loss formula, B(k) = load B(k-1) / (k + load B(k-1)).
 */
export function erlangC(servers: number, load: number): number {
  let loss = 1;
  for (let k = 1; k <= servers; k++) loss = (load * loss) / (k + load * loss);
  return (servers * loss) / (servers - load * (1 - loss));
}

/** M/M/c, and M/M/1 with one server: L. Kleinrock, Queueing Systems I, 1975, sections 3.2 and 3.5. */
export function mmc(arrivalRate: number, meanServiceMs: number, servers: number): SteadyState {
  const load = arrivalRate * meanServiceMs;
  const meanQueueLength = (erlangC(servers, load) * load) / (servers - load);
  return steadyState(arrivalRate, meanServiceMs, servers, meanQueueLength);
}

/**
 * M/G/1, first come first served: the formula of Pollaczek (1930) and Khinchine (1932), Kleinrock,
 * Queueing Systems I, section 5.6. `squaredVariation` is the variance of the service time over its
 * squared mean: 0 in M/D/1, 1 in M/M/1.
 */
export function mg1(
  arrivalRate: number,
  meanServiceMs: number,
  squaredVariation: number,
): SteadyState {
  const load = arrivalRate * meanServiceMs;
  const meanQueueLength = (load ** 2 * (1 + squaredVariation)) / (2 * (1 - load));
  return steadyState(arrivalRate, meanServiceMs, 1, meanQueueLength);
}

/**
 * M/G/c with processor sharing, each of n jobs served at the rate min(1, c/n): the number in the
 * system has the law of M/M/c whatever the service times. F. P. Kelly, Reversibility and Stochastic
 * Networks, 1979, section 3.3 (symmetric queues); for one server M. Sakata, S. Noguchi and J. Oizumi,
 * Operations Research 19(2), 1971: the mean response is the mean service over 1 - load.
 */
export function mgcSharing(
  arrivalRate: number,
  meanServiceMs: number,
  servers: number,
): SteadyState {
  return mmc(arrivalRate, meanServiceMs, servers);
}

/** P(number in system <= n) in M/M/c. */
export function mmcDistribution(load: number, servers: number): (n: number) => number {
  const weights = [1];
  for (let n = 1; n < servers; n++) weights.push((weights[n - 1] * load) / n);
  // From c - 1 on the weights are geometric.
  const ratio = load / servers;
  const below = weights.slice(0, -1).reduce((sum, weight) => sum + weight, 0);
  const last = weights[servers - 1];
  const total = below + last / (1 - ratio);
  return (n) => {
    if (n < servers)
      return weights.slice(0, n + 1).reduce((sum, weight) => sum + weight, 0) / total;
    return 1 - (last * ratio ** (n - servers + 2)) / (1 - ratio) / total;
  };
}

/** An open network of FIFO stations with exponential service and random routing. */
export interface OpenNetwork {
  /** Arrivals from outside, by station. */
  arrivalRates: readonly number[];
  meanServicesMs: readonly number[];
  servers: readonly number[];
  /** `routing[i][j]`: probability that a customer who leaves i goes to j; the rest leave for good. */
  routing: readonly (readonly number[])[];
}

/** Arrivals at each station from outside and inside: the traffic equations, by repeated substitution. */
export function trafficRates({ arrivalRates, routing }: OpenNetwork): number[] {
  let rates = [...arrivalRates];
  for (let round = 0; round < 10_000; round++) {
    rates = arrivalRates.map((outside, j) =>
      rates.reduce((sum, rate, i) => sum + rate * routing[i][j], outside),
    );
  }
  return rates;
}

/**
 * Each station of the network is as an M/M/c of its own, independent of the others: J. R. Jackson,
 * Networks of waiting lines, Operations Research 5(4), 1957.
 */
export function jackson(network: OpenNetwork): SteadyState[] {
  return trafficRates(network).map((rate, i) =>
    mmc(rate, network.meanServicesMs[i], network.servers[i]),
  );
}
