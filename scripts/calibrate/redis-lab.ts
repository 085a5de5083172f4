/*
 * Fits what Redis and redis-benchmark take for a turn of the event loop, a batch, a command and a
 * replica, to the rows of the family `redis` that calibrate, and prints it:
 *
 *   npx jiti scripts/calibrate/redis-lab.ts
 *
 * The server's constants are in models/backends/redis.yaml, the client's in
 * src/fidelity/probes/redis.ts. How many batches share a turn comes out of the simulation.
 */
import { loadBackends } from '../../src/experiment/load-data.js';
import { redisPrimitives } from '../../src/fidelity/families/stores.js';
import { redis } from '../../src/fidelity/probes/redis.js';
import { ownFigures } from '../../src/fidelity/read-figures.js';
import { mean } from './least-squares.js';

const { figures, scenarios } = redisPrimitives.read(
  ownFigures('redis').byFamily.get(redisPrimitives) ?? [],
);
const calibrating = figures.filter(({ role }) => role === 'calibration');
const backends = loadBackends();

const NAMES = ['cpu-per-turn', 'cpu-per-batch', 'cpu-per-read', 'cpu-per-write', 'cpu-per-replica'];
const CLIENT_NAMES = ['clientBatchMs', 'clientCommandMs', 'connectMs'];

function simulate(values: readonly number[]) {
  const constants = Object.fromEntries(NAMES.map((name, index) => [name, values[index]]));
  const client = CLIENT_NAMES.map((name, index) => [name, values[NAMES.length + index]]);
  const known = new Map<string, Readonly<Record<string, number>>>();
  return calibrating.map((figure) => {
    const setUp = scenarios.get(figure.scenario);
    if (!setUp || !('probe' in setUp)) throw new Error('not a probe');
    const parameters = { ...setUp.parameters, constants, ...Object.fromEntries(client) } as never;
    const own = known.get(figure.scenario) ?? redis(parameters, { seed: 'calibrate', backends });
    known.set(figure.scenario, own);
    return { figure, simulated: own[String(figure.read)] };
  });
}

/** Mean of the logarithms of simulated over measured, without sign: one row that is off moves little. */
function misfit(values: readonly number[]): number {
  return mean(
    simulate(values).map(({ figure, simulated }) =>
      Math.abs(Math.log(simulated / figure.measured)),
    ),
  );
}

let best = [0.0055, 0.0055, 0.00032, 0.0011, 0.008, 0.005, 0.0004, 0.05];
let error = misfit(best);
for (const step of [2, 1.5, 1.2, 1.1, 1.05]) {
  for (let round = 0; round < 4; round++) {
    for (const index of best.keys()) {
      for (const factor of [step, 1 / step]) {
        const next = best.map((value, other) => (other === index ? value * factor : value));
        const nextError = misfit(next);
        if (nextError < error) [best, error] = [next, nextError];
      }
    }
  }
}
for (const [index, name] of [...NAMES, ...CLIENT_NAMES].entries()) {
  console.log(`${name}: ${best[index].toPrecision(3)} ms`);
}
console.log(`off by ${(100 * error).toFixed(0)} %`);
for (const { figure, simulated } of simulate(best)) {
  console.log(`  ${figure.metric}: ${figure.measured} measured, ${simulated.toPrecision(4)}`);
}
