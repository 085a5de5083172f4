/**
 * What it costs to set up a connection before the first useful byte. Sources: the round trips
 * measured on MariaDB 10.11, RabbitMQ 3.10, nginx 1.22 and Redis 7.0 with their clients, each at five
 * round-trip times from 0 to 150 ms (intercept and slope of the medians).
 */
export interface ConnectionSetup {
  readonly roundTrips: number;
  /** Time in the two hosts that does not depend on distance. */
  readonly fixedMs: number;
  /** Payload of all round trips together. */
  readonly sentBytes: number;
  readonly receivedBytes: number;
  readonly source: string;
}

export const CONNECTION_SETUPS = {
  tcp: {
    roundTrips: 1,
    fixedMs: 0.3,
    sentBytes: 0,
    receivedBytes: 0,
    source: 'RFC 9293; measured connect 1 RTT + 0.2 to 0.5 ms',
  },
  'tcp-tls-1.3': {
    roundTrips: 2,
    fixedMs: 2.1,
    sentBytes: 600,
    receivedBytes: 2500,
    source: 'RFC 8446; measured handshake 2 RTT + 2.1 to 3 ms; bytes assumed (one RSA certificate)',
  },
  'tcp-tls-1.2': {
    roundTrips: 3,
    fixedMs: 2,
    sentBytes: 700,
    receivedBytes: 2700,
    source:
      'RFC 5246; measured handshake 3 RTT + 1.9 to 2.8 ms; bytes assumed (one RSA certificate)',
  },
  amqp: {
    roundTrips: 5,
    fixedMs: 3,
    sentBytes: 700,
    receivedBytes: 900,
    source:
      'AMQP 0-9-1 connection with one channel, measured 5 RTT + 3 ms; bytes assumed (client and ' +
      'server properties)',
  },
  'mariadb-c': {
    roundTrips: 3,
    fixedMs: 0.8,
    sentBytes: 250,
    receivedBytes: 150,
    source: 'libmariadb, measured 3 RTT + 0.8 ms; bytes assumed',
  },
  'mariadb-pymysql': {
    roundTrips: 4,
    fixedMs: 0.3,
    sentBytes: 300,
    receivedBytes: 200,
    source: 'pymysql, measured 4 RTT + 0.3 ms (2.4 at RTT 50); bytes assumed',
  },
  'mariadb-sqlalchemy-first': {
    roundTrips: 12,
    fixedMs: 1.9,
    sentBytes: 1200,
    receivedBytes: 2000,
    source:
      'SQLAlchemy 1.4, first connection of an engine, measured 12 RTT + 1.9 ms; bytes assumed',
  },
  redis: {
    roundTrips: 1,
    fixedMs: 0.3,
    sentBytes: 0,
    receivedBytes: 0,
    source: 'TCP alone: measured connect + PING 2 RTT',
  },
} as const satisfies Record<string, ConnectionSetup>;

export type ConnectionProtocol = keyof typeof CONNECTION_SETUPS;
