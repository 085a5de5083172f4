import { constantOf } from '../backend-constants.js';
import { GroupCommit } from './group-commit.js';
import { committed, type DatabaseOptions, SqlDatabase, type Transaction } from './sql-database.js';

/**
 * One MariaDB server. Its log is flushed at each commit, one flush at a time; commits that come
 * during a flush share the next. Constants: models/backends/mariadb.yaml; equations and limits:
 * docs/models/mariadb.md.
 */
export class MariaDb extends SqlDatabase {
  private readonly log: GroupCommit;

  /** @throws Error for more than one replica: there is nothing that would keep them alike. */
  constructor(options: DatabaseOptions) {
    const { id, constants, replicas, simulator } = options;
    if (replicas.length !== 1) {
      throw new Error(
        `database ${id} of backend mariadb has ${replicas.length} replicas; it takes 1 (galera takes more)`,
      );
    }
    super(options);
    this.log = new GroupCommit(simulator, constantOf(constants, 'flush-per-commit'));
  }

  protected override beginCommit(transaction: Transaction): void {
    this.log.send(committed, transaction, transaction.argument);
  }
}
