/*
 * Fits the constants of models/backends to what was measured and prints them with their residuals:
 *
 *   npx jiti scripts/calibrate/main.ts [--write] [folder of measured tables]
 *
 * With --write the values go into models/backends, with the day of the fit where they changed. Redis has
 * a script of its own, redis-lab.ts: what its event loop shares comes out of a simulation.
 */
import { existsSync } from 'node:fs';
import { argv, exit } from 'node:process';
import { writeConstants } from '../../src/calibration/write-constants.js';
import type { Fit } from './fit.js';
import { fitGalera } from './galera.js';
import { fitLatency, fitMariaDb, idleStatementMs, simpleStatementMs } from './mariadb.js';
import { fitRabbitMq } from './rabbitmq.js';
import { fitRabbitMqFaults, fitReplicatedStall } from './rabbitmq-faults.js';
import { fitQueues } from './rabbitmq-queues.js';
import { fitEtcd, peerWakeMs } from './stores.js';

const write = argv.includes('--write');
const [folder] = argv.slice(2).filter((word) => word !== '--write');
if (folder !== undefined && !existsSync(folder)) {
  console.error(
    `scripts/calibrate: there is no folder "${folder}"; without one, those of the project are read`,
  );
  exit(2);
}

function print(backend: string, fits: readonly Fit[]): void {
  console.log(`\n# ${backend}`);
  for (const { constant, value, unit, from, residuals } of fits) {
    console.log(`\n${constant}: ${value.toPrecision(4)} ${unit}\n  ${from}`);
    for (const { row, measured, fitted } of residuals) {
      const percent = ((fitted / measured - 1) * 100).toFixed(0);
      console.log(
        `    ${row}: ${measured} measured, ${fitted.toPrecision(4)} fitted (${percent} %)`,
      );
    }
  }
}

const fits: Readonly<Record<string, readonly Fit[]>> = {
  rabbitmq: [...fitRabbitMq(folder), ...fitRabbitMqFaults(folder)],
  'rabbitmq-mirrored': [...fitQueues('rabbitmq-mirrored', folder), ...fitReplicatedStall(folder)],
  'rabbitmq-quorum': [...fitQueues('rabbitmq-quorum', folder), ...fitReplicatedStall(folder)],
  mariadb: fitMariaDb(folder),
  galera: fitGalera(folder),
  etcd: fitEtcd(folder),
};
const today = new Date().toISOString().slice(0, 10);
for (const [backend, own] of Object.entries(fits)) {
  print(backend, own);
  if (!write) continue;
  const changed = writeConstants(backend, own, today);
  console.log(changed.length > 0 ? `\nwritten: ${changed.join(', ')}` : '\nnothing changed');
}
console.log(
  `\n# beside\n\nwaking the lab's hosts: ${fitLatency(folder).wakingMs.toFixed(3)} ms a round trip`,
);
console.log(`waking etcd's members: ${peerWakeMs(folder).toFixed(3)} ms each way`);
console.log(`OpenStack's statements while idle: ${idleStatementMs(folder).toFixed(3)} ms`);
for (const operation of ['select', 'update', 'insert', 'txn']) {
  console.log(
    `${operation} on a small table: ${simpleStatementMs(operation, folder).toFixed(4)} ms`,
  );
}
