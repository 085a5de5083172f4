/*
 * Fits src/fidelity/sysbench-systems.ts to the published figures that calibrate and prints it:
 *
 *   npx jiti scripts/calibrate/sysbench.ts
 */
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';

const file = new URL('../../test/fidelity/figures/figures/sysbench.csv', import.meta.url);
const rows: Record<string, string>[] = parse(readFileSync(file, 'utf8'), { columns: true });

/** Values of a metric by threads. */
function valuesOf(system: string, metrics: readonly string[]): Map<number, number> {
  const own = rows.filter((row) => row.system === system && metrics.includes(row.metric));
  return new Map(own.map((row) => [Number(row.x_value), Number(row.value)]));
}

/** Coefficients of three equations, by Cramer's rule. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const determinant = (m: readonly (readonly number[])[]): number =>
    m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) -
    m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0]) +
    m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
  const all = determinant(matrix);
  return [0, 1, 2].map(
    (column) =>
      determinant(matrix.map((row, i) => row.map((x, j) => (j === column ? right[i] : x)))) / all,
  );
}

const four = (value: number): number => Number(value.toPrecision(4));

for (const system of new Set(rows.map((row) => row.system))) {
  const rates = valuesOf(system, ['transactions', 'transactions per sec']);
  const threads = system.includes('HAProxy') ? [20, 80, 120] : [20, 80, 200];
  const [alone, serial, pair] = solve(
    threads.map((n) => [1, n - 1, n * (n - 1)]),
    threads.map((n) => (1000 * n) / (rates.get(n) as number)),
  );
  const cpu = valuesOf(system, ['DB server CPU (100% = 1 core)']);
  const [few, many] = [(cpu.get(20) ?? Number.NaN) / 100, (cpu.get(200) ?? Number.NaN) / 100];
  // cores x n / (n + half) through both.
  const halfThreads = (200 * 20 * (many - few)) / (200 * few - 20 * many);
  const least = valuesOf(system, ['min latency of a transaction']);
  const perThread = ((least.get(200) ?? Number.NaN) - (least.get(20) ?? Number.NaN)) / 180;
  console.log({
    name: system,
    aloneMs: four(alone),
    serialMs: four(serial),
    pairMs: four(pair),
    cores: four((few * (20 + halfThreads)) / 20),
    halfThreads: four(halfThreads),
    leastMs: four((least.get(20) ?? Number.NaN) - 20 * perThread),
    leastPerThreadMs: four(perThread),
  });
}
