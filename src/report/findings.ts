import type { RunFailure, RunResult } from '../experiment/results.js';
import type { Study } from '../experiment/study-description.js';
import { PLACEMENT_PATH } from './factor-columns.js';
import {
  farthestLevels,
  keyOperation,
  loadFactor,
  type OperationName,
  operationLabel,
  referenceLevels,
  rowsOf,
  variedFactors,
} from './key-operation.js';
import { isClear, shortMs, wordsMs } from './numbers.js';
import { numericFactors } from './quantity.js';
import type { SummaryRow } from './summary.js';

function placementOf(row: SummaryRow): string {
  return `\`${row.factors[PLACEMENT_PATH] ?? ''}\``;
}

function rowsAt(rows: readonly SummaryRow[], levels: Record<string, string>): SummaryRow[] {
  return rows.filter((row) =>
    Object.entries(levels).every(([path, level]) => row.factors[path] === level),
  );
}

/** `At RTT scale 1 and computes per site 10, `; empty where nothing varies. */
function wordsForPlace(study: Study, levels: Record<string, string>): string {
  const words = variedFactors(study).map((factor) => `${factor.label} ${levels[factor.path]}`);
  return words.length === 0 ? '' : `At ${joinWords(words)}, `;
}

function joinWords(words: readonly string[]): string {
  if (words.length <= 1) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

function capitalised(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Rows with a latency that means something, fastest first. */
function steadyRows(rows: readonly SummaryRow[]): SummaryRow[] {
  return rows
    .filter((row) => row.saturatedShare === 0 && Number.isFinite(row.mean.value.mean))
    .sort((a, b) => a.mean.value.mean - b.mean.value.mean);
}

function differenceWords(best: SummaryRow, baseline: SummaryRow, name: string): string {
  const { difference, percent } = best.mean;
  const gain = wordsMs({ ...difference, mean: Math.abs(difference.mean) });
  const share = `${Math.abs(percent.mean).toFixed(0)} %`;
  const pair = [placementOf(best), placementOf(baseline)];
  switch (isClear(difference)) {
    case true:
      return difference.mean < 0
        ? `${pair[0]} beats ${pair[1]} by ${gain} (${share}) for ${name}`
        : `${pair[1]} beats all others for ${name}; the nearest is ${pair[0]}, slower by ${gain} (${share})`;
    case false:
      return `${pair[0]} and ${pair[1]} do not clearly differ for ${name}: ${shortMs(difference.mean)} ms ± ${shortMs(difference.halfWidth, difference.mean)}`;
    default:
      return `${pair[0]} is ${difference.mean < 0 ? 'faster' : 'slower'} than ${pair[1]} by ${gain} (${share}) for ${name}, by one replication only`;
  }
}

/** Who wins at one combination of levels. */
function comparison(
  study: Study,
  rows: readonly SummaryRow[],
  levels: Record<string, string>,
  name: OperationName,
): string | undefined {
  const here = rowsAt(rows, levels);
  if (here.length === 0) return undefined;
  const place = wordsForPlace(study, levels);
  const label = operationLabel(name);
  const steady = steadyRows(here);
  if (steady.length === 0) {
    const who = here.length === 1 ? 'the cloud is' : 'every placement is';
    return capitalised(`${place}${who} saturated: no latency of ${label} holds.`);
  }
  const fastest = steady[0];
  if (here.length === 1) {
    return capitalised(`${place}${label} takes ${wordsMs(fastest.mean.value)} on average.`);
  }
  const baseline = here.find((row) => row.isBaseline);
  const rival = steady.find((row) => !row.isBaseline);
  if (baseline === undefined || rival === undefined) {
    const words = `${placementOf(fastest)} is the fastest for ${label}: ${wordsMs(fastest.mean.value)}`;
    return capitalised(`${place}${words}.`);
  }
  if (baseline.saturatedShare > 0) {
    const cause = baseline.saturatedBy === '' ? '' : ` (${baseline.saturatedBy})`;
    return capitalised(
      `${place}${placementOf(baseline)} is saturated${cause}; the fastest that is not is ${placementOf(rival)}, with ${wordsMs(rival.mean.value)} for ${label}.`,
    );
  }
  if (!Number.isFinite(rival.mean.difference.mean)) return undefined;
  return capitalised(`${place}${differenceWords(rival, baseline, label)}.`);
}

/** What each placement gains from the lowest to the highest level of a factor, the rest held. */
function slopes(study: Study, rows: readonly SummaryRow[], name: OperationName): string[] {
  const reference = referenceLevels(study);
  return numericFactors(study.factors).flatMap((factor) => {
    const order = factor.values
      .map((value, index) => ({ value, level: factor.levels[index] }))
      .sort((a, b) => a.value - b.value);
    const [low, high] = [order[0], order[order.length - 1]];
    const at = (level: string) => steadyRows(rowsAt(rows, { ...reference, [factor.path]: level }));
    const starts = at(low.level);
    const gains = at(high.level).flatMap((end) => {
      const start = starts.find(
        (row) => row.factors[PLACEMENT_PATH] === end.factors[PLACEMENT_PATH],
      );
      return start ? [{ end, gain: end.mean.value.mean - start.mean.value.mean }] : [];
    });
    if (gains.length === 0) return [];
    const words = gains
      .sort((a, b) => b.gain - a.gain)
      .map(({ end, gain }) => {
        const change = `${gain < 0 ? '-' : '+'}${shortMs(Math.abs(gain))} ms`;
        return end.factors[PLACEMENT_PATH] === undefined ? change : `${placementOf(end)} ${change}`;
      });
    return [
      `From ${factor.label} ${low.level} to ${high.level}, ${operationLabel(name)} changes: ${words.join(', ')}.`,
    ];
  });
}

/** Which placements are saturated, from which load on and by what. */
function saturation(study: Study, rows: readonly SummaryRow[]): string[] {
  const load = loadFactor(study);
  const groups = new Map<string, SummaryRow[]>();
  for (const row of rows) {
    const name = row.factors[PLACEMENT_PATH] === undefined ? 'The cloud' : placementOf(row);
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return [...groups].flatMap(([name, own]) => {
    const saturated = own.filter((row) => row.saturatedShare > 0);
    if (saturated.length === 0) return [];
    const values = saturated.map(
      (row) => load?.values[load.levels.indexOf(row.factors[load.path])] ?? Number.NaN,
    );
    const from =
      load !== undefined && values.every(Number.isFinite)
        ? `, from ${load.label} ${Math.min(...values)} on`
        : '';
    const causes = [...new Set(saturated.flatMap((row) => row.saturatedBy.split('; ')))]
      .filter((cause) => cause !== '')
      .slice(0, 3);
    const by = causes.length === 0 ? '' : ` (${causes.join(', ')})`;
    return [
      `${name} is saturated at ${saturated.length} of ${own.length} design points${from}${by}.`,
    ];
  });
}

/** The reasons for which an operation failed, most frequent first: ` for MessagingTimeout (12)`. */
function reasonsOf(operation: string, results: readonly RunResult[]): string {
  const counts = new Map<string, number>();
  for (const { failedRequests } of results) {
    for (const failed of failedRequests ?? []) {
      if (failed.operation !== operation) continue;
      counts.set(failed.reason, (counts.get(failed.reason) ?? 0) + failed.count);
    }
  }
  const words = [...counts]
    .sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1))
    .map(([reason, count]) => (counts.size === 1 ? reason : `${reason} (${count})`));
  return words.length === 0 ? '' : ` for ${joinWords(words)}`;
}

function failedRequests(rows: readonly SummaryRow[], results: readonly RunResult[]): string[] {
  const totals = new Map<string, { operation: string; started: number; failed: number }>();
  for (const row of rows) {
    const name = operationLabel(row);
    const total = totals.get(name) ?? {
      operation: row.operation,
      started: 0,
      failed: 0,
    };
    total.started += row.started;
    total.failed += row.failed;
    totals.set(name, total);
  }
  const words = [...totals]
    .filter(([, { failed }]) => failed > 0)
    .map(
      ([name, { operation, started, failed }]) =>
        `${name} ${failed} of ${started} (${((100 * failed) / started).toFixed(1)} %)${reasonsOf(operation, results)}`,
    );
  return words.length === 0 ? [] : [`Requests that failed, in all runs: ${words.join('; ')}.`];
}

function failedRuns(failures: readonly RunFailure[]): string[] {
  const first = failures[0];
  if (first === undefined) return [];
  const runs = failures.length === 1 ? '1 run' : `${failures.length} runs`;
  const message = first.message.split('\n')[0];
  return [
    `${runs} broke off with an error (failures.csv); first: design point ${first.point}, replication ${first.replication}, seed ${first.seed}: ${message}`,
  ];
}

/** The answer of a study in a few sentences, computed from its numbers. */
export function findings(
  study: Study,
  rows: readonly SummaryRow[],
  failures: readonly RunFailure[],
  results: readonly RunResult[] = [],
): string[] {
  const name = keyOperation(rows);
  if (name === undefined) {
    const reason = failures.length > 0 ? 'No run finished.' : 'No operation was measured.';
    return [reason, ...failedRuns(failures)];
  }
  const own = rowsOf(rows, name);
  const sentences = [referenceLevels(study), farthestLevels(study)].flatMap(
    (levels) => comparison(study, own, levels, name) ?? [],
  );
  return [
    ...new Set(sentences),
    ...slopes(study, own, name),
    ...saturation(study, own),
    ...failedRequests(rows, results),
    ...failedRuns(failures),
  ];
}
