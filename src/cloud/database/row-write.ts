/** How a commit ended. */
export const CommitOutcome = {
  committed: 0,
  /** Another transaction wrote the row first (error 1213); nothing was written. */
  conflict: 1,
  /** The replica is in no primary component (error 1047), or went there meanwhile (1180). */
  refused: 2,
} as const;
export type CommitOutcome = (typeof CommitOutcome)[keyof typeof CommitOutcome];

/**
 * The row that a transaction writes and that others write too, and how its commit ended. The caller
 * keeps it from the commit to its continuation, and may use it again.
 */
export class RowWrite {
  /** Any number of the row, -1 for none; those of two databases have nothing to do with each other. */
  row = -1;
  /**
   * The server itself begins a lone statement again when it loses (wsrep_retry_autocommit), so many
   * times; 0 for an explicit transaction.
   */
  retries = 0;
  outcome: CommitOutcome = CommitOutcome.committed;
}
