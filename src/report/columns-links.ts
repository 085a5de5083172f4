import type { LinkResult, RunResult } from '../experiment/results.js';
import type { Table } from './column.js';
import { compareText, type FactorColumn, leadingColumns } from './factor-columns.js';

/** One kind of traffic on one link in one run. */
export interface LinkRow {
  run: RunResult;
  link: LinkResult;
}

export function linksTable(factors: readonly FactorColumn[]): Table<LinkRow> {
  return {
    file: 'links.csv',
    about: 'One kind of traffic on one link in one run, over the measured interval.',
    columns: [
      ...leadingColumns<LinkRow>(
        factors,
        (row) => row.run,
        (row) => row.run.replication,
      ),
      {
        name: 'link',
        unit: 'text',
        meaning: 'The two sites that it joins.',
        formula: 'siteA--siteB',
        value: (row) => row.link.link,
      },
      {
        name: 'traffic',
        unit: 'text',
        meaning: 'Kind of traffic, such as `rest`, `rpc`, `sql`, `replication`, `image`.',
        formula: '',
        value: (row) => row.link.traffic,
      },
      {
        name: 'bytes',
        unit: 'bytes',
        meaning: 'Bytes of this kind that the link carried, both directions together.',
        formula: '',
        value: (row) => row.link.bytes,
      },
      {
        name: 'messages',
        unit: 'count',
        meaning: 'Messages of this kind that the link carried, both directions together.',
        formula: '',
        value: (row) => row.link.messages,
      },
      {
        name: 'mean_utilisation',
        unit: 'share',
        meaning:
          'Share of the capacity used by all kinds together, in the direction that carried more.',
        formula: '8 x bytes of the direction / (capacity in bit/s x measured time in s)',
        decimals: 6,
        value: (row) => row.link.meanUtilisation,
      },
      {
        name: 'peak_utilisation',
        unit: 'share',
        meaning: 'The same in the busiest window of 10 s.',
        formula: '',
        decimals: 6,
        value: (row) => row.link.peakUtilisation,
      },
    ],
  };
}

/** By design point, replication, link, traffic. */
export function linkRows(results: readonly RunResult[]): LinkRow[] {
  return results.flatMap((run) =>
    run.links
      .map((link) => ({ run, link }))
      .sort(
        (a, b) =>
          compareText(a.link.link, b.link.link) || compareText(a.link.traffic, b.link.traffic),
      ),
  );
}
