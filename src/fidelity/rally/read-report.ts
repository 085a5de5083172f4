import type { FigureRow } from '../figure.js';
import { type Laboratory, laboratoryOf, type RallyModel, unitOf } from './laboratories.js';

/** What a row of a Rally report says. */
export interface ReportRow {
  readonly row: FigureRow;
  readonly laboratory: Laboratory;
  readonly scenario: string;
  /** Of one report and one run of the scenario in it. */
  readonly run: string;
  /** The same scenario of the same kind of report, whatever its load. */
  readonly series: string;
  readonly times: number;
  /** Iterations at once, of a closed load. */
  readonly concurrency: number | null;
  /** Iterations a second, of an open one. */
  readonly rps: number | null;
  /** Action without its number, `total`, or `throughput`. */
  readonly action: string;
  /** Which repetition of it in an iteration, from 1. */
  readonly index: number;
  /** mean, median, 95th percentile or success; empty for the throughput. */
  readonly statistic: string;
}

const RUN = /Rally (\S+?)(?: \[\d+\])?, iterations=(\d+), failed=\d+ runner=(\{.*\})/;
const METRIC = /: (.+?)(?: \((\d+)\))? (mean|median|95th percentile|success)$/;

/** A row as part of its report, or why it cannot be read. */
export function readReportRow(model: RallyModel, row: FigureRow): ReportRow | string {
  const { setup = '', system = '', metric = '', source = '' } = row.columns;
  const run = RUN.exec(setup);
  if (!run) return `no run of Rally can be read in the set-up "${setup.slice(0, 80)}"`;
  const [, scenario, iterations, runner] = run;
  const load = parseRunner(runner);
  if (!load) return `the runner ${runner} is neither a constant concurrency nor a constant rate`;
  const laboratory = laboratoryOf(model, `${system}; ${setup}`);
  if (!laboratory) return `nothing is known of the laboratory "${system}"`;
  if (!model.scenarios[scenario]) return `no recipe for Rally's scenario "${scenario}"`;
  const found = METRIC.exec(metric);
  const isThroughput = /: throughput\b/.test(metric);
  if (!found && !isThroughput) return `no scenario gives the metric "${metric}"`;
  const action = found ? found[1] : 'throughput';
  if (found && action !== 'total' && !unitOf(model, action))
    return `no action is called "${action}"`;
  return {
    row,
    laboratory,
    scenario,
    run: `${source} ${setup}`,
    series: `${source.replace(/[\d_]+/g, '')} ${laboratory.name} ${scenario}`,
    times: Number(iterations),
    ...load,
    action,
    index: found?.[2] ? Number(found[2]) : 1,
    statistic: found ? found[3] : '',
  };
}

function parseRunner(text: string): { concurrency: number | null; rps: number | null } | undefined {
  let runner: { type?: string; concurrency?: unknown; rps?: unknown };
  try {
    runner = JSON.parse(text);
  } catch {
    return undefined;
  }
  const concurrency = Number(runner.concurrency);
  if (runner.type === 'constant' && concurrency >= 1) return { concurrency, rps: null };
  const rps = Number(runner.rps);
  return runner.type === 'rps' && rps > 0 ? { concurrency: null, rps } : undefined;
}

/** The actions of an iteration in their order, as the recipe and the rows of the run have them. */
export function callsOfRun(model: RallyModel, rows: readonly ReportRow[]): string[] {
  const { scenario, laboratory } = rows[0];
  const counts = new Map<string, number>();
  for (const { action, index } of rows) {
    counts.set(action, Math.max(counts.get(action) ?? 0, index));
  }
  return model.scenarios[scenario].flatMap(({ actions, times, optional }) => {
    if (optional && !actions.some((action) => counts.has(action))) return [];
    const listed = Math.max(...actions.map((action) => counts.get(action) ?? 0));
    const count = Math.max(times?.[laboratory.name] ?? 1, listed);
    return Array.from({ length: count }, () => actions).flat();
  });
}
