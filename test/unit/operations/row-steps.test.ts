import { describe, expect, it } from 'vitest';
import type { MariaDb } from '../../../src/cloud/database/mariadb.js';
import { RowHistory } from '../../../src/cloud/database/row-history.js';
import { littleCloud } from './little-cloud.js';
import { api, callApi, once } from './once.js';

const sql = {
  sql: { database: 'nova_api', 'round-trips': 6, 'write-commits': 1, rows: ['usage'] },
} as const;

function remote(rows: boolean) {
  const { rows: names, ...plain } = sql.sql;
  return {
    client: [callApi],
    procedures: api({ sql: rows ? { ...plain, rows: [...names] } : plain }),
    rttMs: 10,
    change: (deployment: { databases: { replicas: { site: string }[] }[] }) => {
      deployment.databases[0].replicas[0].site = 'far';
    },
  };
}

function heldRows({ cloud }: ReturnType<typeof littleCloud>): number {
  return (cloud.databases[0] as MariaDb).lockedRows;
}

describe('rows that many transactions write', () => {
  it('cost a lone transaction nothing', () => {
    expect(once(remote(true)).ms).toBeCloseTo(once(remote(false)).ms, 6);
  });

  it('are held from the first statement to the commit, one transaction after the other', () => {
    const little = littleCloud(remote(true));
    for (let i = 0; i < 3; i++) little.ask(0);
    little.simulator.runUntil(10_000);
    const { latency } = little.recorder.records[0].milestones[0];
    expect(latency.count).toBe(3);
    // Six round trips less one and a half before and after; 3 ms of statements, 2 to 4 of the log.
    const heldMs = 3 * 10 + 3 + 2;
    expect(latency.max).toBeGreaterThan(once(remote(true)).ms + 2 * heldMs - 0.01);
    expect(latency.max).toBeLessThan(once(remote(true)).ms + 2 * (heldMs + 2) + 0.01);
  });

  it('are held by one transaction and given back in the end', () => {
    const little = littleCloud(remote(true));
    little.ask(0);
    little.simulator.runUntil(30);
    expect(heldRows(little)).toBe(1);
    little.simulator.runUntil(10_000);
    expect(heldRows(little)).toBe(0);
  });
});

describe('rows of one name', () => {
  /** How many of ten transactions at once wait for none of the others. */
  function alone(rowsOfName: number | 'hosts'): number {
    const { rows, ...plain } = sql.sql;
    const step = { sql: { ...plain, rows: [...rows], 'rows-of-name': rowsOfName } };
    const little = littleCloud({ ...remote(true), procedures: api(step) });
    for (let i = 0; i < 10; i++) little.ask(0);
    little.simulator.runUntil(30);
    return heldRows(little);
  }

  it('are drawn, or one for each host', () => {
    expect(alone(1)).toBe(1);
    expect(alone(1000)).toBeGreaterThan(5);
    // These requests are about no host.
    expect(alone('hosts')).toBe(1);
  });
});

describe('commits of rows at replicas', () => {
  it('overtake what began before at the others', () => {
    const rows = new RowHistory();
    rows.committed(1, 0, 10);
    expect(rows.isOvertaken(1, 1, 5)).toBe(true);
    expect(rows.isOvertaken(1, 1, 10)).toBe(false);
    expect(rows.isOvertaken(1, 0, 5)).toBe(false);
    expect(rows.isOvertaken(2, 1, 5)).toBe(false);
    rows.committed(1, 1, 20);
    rows.committed(1, 1, 30);
    // The one of replica 0 was before its own.
    expect(rows.isOvertaken(1, 1, 5)).toBe(true);
    expect(rows.isOvertaken(1, 1, 15)).toBe(false);
    expect(rows.isOvertaken(1, 0, 25)).toBe(true);
  });
});
