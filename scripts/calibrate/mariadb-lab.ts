/*
 * Fits what the laboratory's clients and server take for an exchange without distance, to the rows
 * of the family `mariadb` that calibrate (1 and 64 clients at RTT 0), and prints it:
 *
 *   npx jiti scripts/calibrate/mariadb-lab.ts
 *
 * The constants are in src/fidelity/probes/mariadb.ts. CPU is fitted row
 * by row, as the ledger judges it, and at the speed of a core whose neighbour is idle.
 */
import { loadBackends } from '../../src/experiment/load-data.js';
import { mariaDbPrimitives } from '../../src/fidelity/families/mariadb.js';
import { type LabCosts, mariaDb } from '../../src/fidelity/probes/mariadb.js';
import type { ProbeValues } from '../../src/fidelity/probes/probe.js';
import { ownFigures } from '../../src/fidelity/read-figures.js';
import { numberIn } from '../../src/fidelity/row-columns.js';
import { mean } from './least-squares.js';

const backends = loadBackends();

const rows = (ownFigures('mariadb').byFamily.get(mariaDbPrimitives) ?? []).filter(
  (row) =>
    row.source === 'a_mariadb_throughput' &&
    numberIn(row, 'rtt_ms') === 0 &&
    [1, 64].includes(numberIn(row, 'clients')),
);

interface Fitted {
  readonly contention: number;
  readonly pathShare: number;
  readonly flushMs: number;
  readonly costs: LabCosts;
}

/** Each row with its figures beside what is simulated. */
function simulate({ costs, ...rest }: Fitted) {
  return rows.map((row) => {
    const { figures, scenarios } = mariaDbPrimitives.read([row]);
    const [setUp] = scenarios.values();
    if (!('probe' in setUp)) throw new Error('not a probe');
    const own = { ...costs } as unknown as Readonly<Record<string, number>>;
    const parameters = { ...setUp.parameters, ...rest, costs: own } as never;
    return { row, figures, values: mariaDb(parameters, { seed: 'calibrate', backends }) };
  });
}

type Simulated = ReturnType<typeof simulate>;

/** Geometric mean over rows of measured over simulated CPU. */
function ratio(
  simulated: Simulated,
  column: string,
  value: (values: ProbeValues) => number,
  ops: readonly string[],
): number {
  const logarithms = simulated
    .filter(({ row }) => ops.includes(row.columns.op ?? ''))
    .map(({ row, values }) => {
      const measured = (1000 * numberIn(row, column)) / numberIn(row, 'count');
      return Math.log(measured / value(values));
    });
  return Math.exp(mean(logarithms));
}

function refine(costs: LabCosts, simulated: Simulated): LabCosts {
  const server = (op: string) => ratio(simulated, 'server_cpu_s', ({ serverMs }) => serverMs, [op]);
  const ops = ['select', 'update', 'insert', 'txn'];
  const statements = {
    select: costs.select * server('select'),
    update: costs.update * server('update'),
    insert: costs.insert * server('insert'),
  };
  const whole = costs.select + costs.update + costs.insert + 2 * costs.begin;
  const begin =
    (whole * server('txn') - statements.select - statements.update - statements.insert) / 2;
  return {
    ...statements,
    begin: Math.max(0.0005, begin),
    connect: costs.connect * server('connect'),
    client: costs.client * ratio(simulated, 'client_cpu', ({ clientMs }) => clientMs, ops),
    forward: costs.forward * ratio(simulated, 'emu_cpu_s', ({ forwardMs }) => forwardMs, ops),
  };
}

/** Mean of the logarithms of simulated over measured latencies and rates, without sign. */
function misfit(simulated: Simulated): number {
  return mean(
    simulated.flatMap(({ figures, values }) =>
      figures.map(({ read, measured }) => Math.abs(Math.log(values[String(read)] / measured))),
    ),
  );
}

const first: LabCosts = {
  ...{ select: 0.03, update: 0.055, insert: 0.07, begin: 0.001 },
  ...{ connect: 0.1, client: 0.015, forward: 0.014 },
};
let best: Fitted & { error: number } = {
  ...{ contention: 0, pathShare: 0, flushMs: 0, costs: first },
  error: Number.POSITIVE_INFINITY,
};
for (let contention = 0; contention < 0.51; contention += 0.1) {
  let { costs } = best.error < 1 ? best : { costs: first };
  for (let pathShare = 0.4; pathShare <= 1.001; pathShare += 0.1) {
    for (const flushMs of [0.02, 0.04, 0.06]) {
      const fitted = { contention, pathShare, flushMs, costs };
      costs = refine(costs, simulate(fitted));
      const simulated = simulate({ ...fitted, costs });
      const error = misfit(simulated);
      if (error < best.error) best = { ...fitted, costs, error };
    }
  }
}
const { contention, pathShare, flushMs, costs, error } = best;
for (const [name, ms] of Object.entries(costs)) console.log(`${name}: ${ms.toPrecision(3)} ms`);
console.log(
  `contention ${contention.toFixed(1)}, share on the way ${pathShare.toFixed(1)}, flush ${flushMs.toFixed(2)} ms: off by ${(100 * error).toFixed(0)} %`,
);
for (const { figures, values } of simulate(best)) {
  for (const { metric, measured, read } of figures) {
    console.log(`  ${metric}: ${measured} measured, ${values[String(read)].toPrecision(4)}`);
  }
}
