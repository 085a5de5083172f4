import type { Footprints } from './load-footprints.js';
import type { CpuRow } from './measured-cpu.js';
import { nonNegativeLeastSquares } from './non-negative-least-squares.js';

/** The four constants of a service's CPU model, ms. */
export type CpuConstants = Readonly<
  Record<'per-request' | 'per-sql-round-trip' | 'per-rpc-sent' | 'per-rest-sent', number>
>;

/** Noise of a measured figure: the idle load that was subtracted from it, and what a run scatters. */
const NOISE_MS = 2;
const NOISE_SHARE = 0.1;
/** Deviation of a constant from the common one, in units of the common one. */
const PRIOR_WIDTH = 2;

function features({ work }: CpuRow): number[] {
  return [work.requests, work.sqlRoundTrips, work.rpcSent, work.restSent];
}

function solve(rows: readonly CpuRow[], prior: readonly number[]): number[] {
  const xs = rows.map(features);
  const ys = rows.map(({ measuredMs, work }) => measuredMs - work.cpuMs);
  const weights = rows.map(({ measuredMs }) => 1 / (NOISE_MS + NOISE_SHARE * measuredMs));
  prior.forEach((value, column) => {
    if (value === 0) return;
    xs.push(prior.map((_, other) => (other === column ? 1 : 0)));
    ys.push(value);
    weights.push(1 / (PRIOR_WIDTH * value));
  });
  return nonNegativeLeastSquares(xs, ys, weights);
}

/** Whether a service ever makes a step of a kind, in the order of the constants. */
function does(footprints: Footprints, service: string): boolean[] {
  const footprint = footprints.services.get(service);
  const text = JSON.stringify(footprint);
  const has = (...kinds: string[]) => kinds.some((kind) => text.includes(`"${kind}":{`));
  return [true, has('sql'), has('rpc-call', 'rpc-cast', 'rpc-fanout'), has('rest')];
}

/**
 * Fits four constants to every service, all >= 0: least squares of the measured CPU less the explicit
 * `cpu` steps, each figure weighed by 1 / (2 ms + 10 %). Some services have fewer figures than constants,
 * so each constant is also drawn to that of one fit over all services together, with a deviation of twice
 * its size: where the figures say nothing, the common value stays.
 */
export function fitCpu(
  footprints: Footprints,
  rows: readonly CpuRow[],
): {
  common: CpuConstants;
  services: ReadonlyMap<string, CpuConstants>;
} {
  const common = solve(
    rows.filter(({ isTraced }) => !isTraced),
    [],
  );
  const services = new Map<string, CpuConstants>();
  for (const service of new Set(rows.map((row) => row.service))) {
    const own = rows.filter((row) => row.service === service);
    const kinds = does(footprints, service);
    services.set(service, named(solve(own, common).map((ms, kind) => (kinds[kind] ? ms : 0))));
  }
  return { common: named(common), services };
}

function named([request, sql, rpc, rest]: readonly number[]): CpuConstants {
  return {
    'per-request': rounded(request),
    'per-sql-round-trip': rounded(sql),
    'per-rpc-sent': rounded(rpc),
    'per-rest-sent': rounded(rest),
  };
}

/** To 0.01 ms: finer than any figure here. */
function rounded(ms: number): number {
  return Math.round(ms * 100) / 100;
}
