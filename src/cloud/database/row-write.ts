/**
 * A transaction's write of a row that others write too: the one idea of a conflict that all backends
 * share. On MariaDB its key is a lock, on Galera a lock at each member and a key of the certification,
 * on CockroachDB a restart where another gateway has written it. The caller keeps it from the lock or
 * the commit to the continuation of the commit, and may use it again. Equations: docs/models/galera.md.
 */
export class RowWrite {
  /** Any number of the row, -1 for none; those of two databases have nothing to do with each other. */
  row = -1;
  /**
   * The server itself begins a lone statement again when it loses (wsrep_retry_autocommit), so many
   * times; 0 for an explicit transaction.
   */
  retries = 0;
  /** When its transaction began, in ms. */
  beganMs = 0;
  /** For databases: the row is locked for it, or it waits for that. */
  isLocked = false;
}
