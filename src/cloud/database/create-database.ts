import { CockroachDb } from './cockroachdb.js';
import type { Database } from './database.js';
import { Galera } from './galera.js';
import { MariaDb } from './mariadb.js';
import { MariaDbReplicas } from './mariadb-replicas.js';
import { Rome } from './rome.js';
import type { DatabaseOptions } from './sql-database.js';

const MAKERS: Record<string, (options: DatabaseOptions) => Database> = {
  mariadb: (options) => new MariaDb(options),
  'mariadb-replicas': (options) => new MariaDbReplicas(options),
  galera: (options) => new Galera(options),
  rome: (options) => new Rome(options),
  cockroachdb: (options) => new CockroachDb(options),
};

/** The database of a backend. Throws an Error naming those that exist. */
export function createDatabase(options: DatabaseOptions): Database {
  const make = MAKERS[options.constants.backend];
  if (!make) {
    const known = Object.keys(MAKERS).join(', ');
    throw new Error(
      `no database has the backend "${options.constants.backend}"; there are: ${known}`,
    );
  }
  return make(options);
}
