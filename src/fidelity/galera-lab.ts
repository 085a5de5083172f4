/**
 * The laboratory in which Galera was measured: every member, its clients and the emulator between them
 * on two shared processors. Times in ms.
 */
export const GALERA_LAB = {
  cores: 2,
  /** What a ping took with no delay set (emulator_ping.csv); with one, about 0.1 more than set. */
  leastRttMs: 0.03,
  /** Of a round trip, where hosts sleep while they wait: docs/models/mariadb.md. */
  wakingMs: 0.327,
  /** Emulator: two frames and their acknowledgement at 4 us each, a message. */
  emulatorMs: 0.01,
  /** A statement in its client (b_galera_latency.csv, select: client_cpu over count). */
  clientMs: 0.01,
  /** Statements on one small table (a_mariadb_throughput.csv, cpu_ms_per_op). */
  statementMs: { update: 0.055, insert: 0.07, select: 0.015, txn: 0.17, syncread: 0.03 },
  /** A flush where the server does not sleep before it (fdatasync of that disk). */
  busyCommitMs: 0.11,
  /** The same where it does, with the CPU of the group's messages reckoned apart. */
  idleCommitMs: 0.6,
  /** Slices of other programs on the same processors; how much of them, the rows tell. */
  otherProgramMs: 4,
  /** Share of the processors that they took, where a row does not tell: the median of those that do. */
  usualOthersShare: 0.2,
} as const;

export type GaleraStatement = keyof typeof GALERA_LAB.statementMs;
