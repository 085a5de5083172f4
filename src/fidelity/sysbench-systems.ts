/** How a database under sysbench's OLTP load behaves with the number of threads; times in ms. */
export interface SysbenchSystem {
  /** Part of the source's name of the system. */
  readonly name: string;
  /** A transaction alone. */
  readonly aloneMs: number;
  /** What each further thread adds by what is done one after the other (locks, the log). */
  readonly serialMs: number;
  /** What each pair of threads adds by getting in each other's way. */
  readonly pairMs: number;
  /** Cores that ever many threads keep busy, and threads that keep half of them so. */
  readonly cores: number;
  readonly halfThreads: number;
  /** The fastest of all transactions, with one thread and more for each further. */
  readonly leastMs: number;
  readonly leastPerThreadMs: number;
}

/**
 * Fitted on three transaction rates each (20, 80 and 200 threads; behind HAProxy 20, 80 and 120, as it
 * collapses beyond), and on CPU and fastest transaction at 20 and 200 threads:
 * scripts/calibrate/sysbench.ts. NaN where the source gives none. Machines: 2x E5-2680v3, 10 GbE.
 */
export const SYSBENCH_SYSTEMS: readonly SysbenchSystem[] = [
  {
    name: 'MySQL + Galera, clients direct to one node',
    aloneMs: 1.028,
    serialMs: 0.2499,
    pairMs: 0.0007891,
    cores: 25.73,
    halfThreads: 21.26,
    leastMs: 2.822,
    leastPerThreadMs: 0.01889,
  },
  {
    name: 'MySQL + Galera behind HAProxy',
    aloneMs: 3.426,
    serialMs: 0.2503,
    pairMs: 0.000877,
    cores: 23.89,
    halfThreads: 32.09,
    leastMs: 3.678,
    leastPerThreadMs: 0.05611,
  },
  {
    name: 'MariaDB + Galera, clients direct to one node',
    aloneMs: 3.696,
    serialMs: 0.08181,
    pairMs: 0.0006252,
    cores: 29.1,
    halfThreads: 68.11,
    leastMs: 3.233,
    leastPerThreadMs: 0.003333,
  },
  {
    name: 'MySQL 5.7 on Kubernetes (mysql-on-ceph)',
    aloneMs: 18.12,
    serialMs: 0.7248,
    pairMs: 0.00089,
    cores: Number.NaN,
    halfThreads: Number.NaN,
    leastMs: Number.NaN,
    leastPerThreadMs: Number.NaN,
  },
  {
    name: 'MySQL 5.7 on Kubernetes (mysql-with-host-volume)',
    aloneMs: 4.287,
    serialMs: 0.229,
    pairMs: 0.0001894,
    cores: Number.NaN,
    halfThreads: Number.NaN,
    leastMs: Number.NaN,
    leastPerThreadMs: Number.NaN,
  },
  {
    name: 'MySQL 5.7 on Kubernetes (mysql-without-volume)',
    aloneMs: 5.248,
    serialMs: 0.2165,
    pairMs: 0.000196,
    cores: Number.NaN,
    halfThreads: Number.NaN,
    leastMs: Number.NaN,
    leastPerThreadMs: Number.NaN,
  },
];
