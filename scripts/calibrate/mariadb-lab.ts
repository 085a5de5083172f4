/*
 * Fits what the laboratory's clients and server take for an exchange without distance, to the rows
 * of the family `mariadb` that calibrate (1 and 64 clients at RTT 0), and prints it:
 *
 *   npx jiti scripts/calibrate/mariadb-lab.ts
 *
 * The constants are in src/fidelity/probes/mariadb.ts and src/fidelity/wan-lab.ts.
 */
import { loadBackends } from '../../src/experiment/load-data.js';
import { mariaDbPrimitives } from '../../src/fidelity/families/mariadb.js';
import { mariaDb } from '../../src/fidelity/probes/mariadb.js';
import { ownFigures } from '../../src/fidelity/read-figures.js';
import { sum } from './least-squares.js';
import { type MeasuredRow, readMeasured } from './measured.js';

const rows = readMeasured('a_mariadb_throughput').filter(
  (row) => row.number('rtt_ms') === 0 && [1, 64].includes(row.number('clients')),
);
const EXCHANGES: Readonly<Record<string, number>> = { connect: 3, txn: 5 };

function perOperationMs(column: string, own: readonly MeasuredRow[]): number {
  const seconds = sum(own.map((row) => row.number(column)));
  return (1000 * seconds) / sum(own.map((row) => row.number('count')));
}

for (const op of ['select', 'update', 'insert', 'txn', 'connect']) {
  const own = rows.filter((row) => row.text('op') === op);
  const exchanges = EXCHANGES[op] ?? 1;
  const server = perOperationMs('server_cpu_s', own);
  const client = perOperationMs('client_cpu', own) / exchanges;
  const emulator = perOperationMs('emu_cpu_s', own) / exchanges;
  console.log(
    `${op}: server ${server.toFixed(4)} ms, client ${client.toFixed(4)} and emulator ${emulator.toFixed(4)} ms an exchange`,
  );
}

const reading = mariaDbPrimitives.read([
  ...(ownFigures('mariadb').byFamily.get(mariaDbPrimitives) ?? []),
]);
const alone = reading.figures.filter(
  ({ role, id, metric }) =>
    role === 'calibration' && id.startsWith('a_mariadb_throughput') && /clients 1\b/.test(metric),
);
const backends = loadBackends();

/** Mean of the logarithms of simulated over measured, without sign. */
function misfit(pathShare: number, flushMs: number): number {
  const errors = alone
    .filter(({ read }) => read === 'p50' || read === 'rate')
    .map(({ scenario, read, measured }) => {
      const setUp = reading.scenarios.get(scenario);
      if (!setUp || !('probe' in setUp)) throw new Error(`${scenario} is no probe`);
      const parameters = { ...setUp.parameters, pathShare, flushMs };
      const values = mariaDb(parameters, { seed: 'calibrate', backends });
      return Math.abs(Math.log(values[String(read)] / measured));
    });
  return sum(errors) / errors.length;
}

let best = { pathShare: 0, flushMs: 0, error: Number.POSITIVE_INFINITY };
for (let pathShare = 0.1; pathShare <= 1.001; pathShare += 0.1) {
  for (let flushMs = 0.01; flushMs <= 0.0901; flushMs += 0.01) {
    const error = misfit(pathShare, flushMs);
    if (error < best.error) best = { pathShare, flushMs, error };
  }
}
const { pathShare, flushMs, error } = best;
console.log(
  `share on the way ${pathShare.toFixed(1)}, flush ${flushMs.toFixed(2)} ms: off by ${(100 * error).toFixed(0)} %`,
);
