import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatSummaryTable, reportFiles, writeReport } from '../../../src/report/index.js';
import { COMPUTES, makeRuns, makeStudy, PLACEMENT, RTT } from './synthetic.js';

const study = makeStudy([PLACEMENT, RTT, COMPUTES]);
const results = makeRuns(study);
const failure = {
  point: 3,
  replication: 2,
  factors: { placement: 'cells', [RTT.path]: '1', [COMPUTES.path]: '10' },
  seed: '1/3/2',
  message: 'no route from "paris",\nto milano',
};

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fogplane-report-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const read = (file: string) => readFileSync(join(directory, file), 'utf8');
const linesOf = (file: string) => read(file).trimEnd().split('\n');

describe('writeReport', () => {
  it('writes every file and nothing else, and returns their paths', () => {
    const files = writeReport({ directory, study, results, failures: [] });
    const found = readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1));
    expect(found.sort()).toEqual(files);
    expect(files.filter((file) => !file.startsWith('charts/'))).toEqual([
      'components.csv',
      'dictionary.csv',
      'links.csv',
      'operations.csv',
      'provenance.json',
      'runs.csv',
      'summary.csv',
    ]);
  });

  it('has one row an operation and run, sorted, with point, factors and replication first', () => {
    writeReport({ directory, study, results: [...results].reverse(), failures: [] });
    const lines = linesOf('operations.csv');
    expect(lines[0]).toMatch(/^point,placement,rtt_scale,computes_per_site,replication,operation,/);
    expect(lines).toHaveLength(1 + results.length * 4);
    expect(lines[1]).toMatch(/^1,centralized,0\.5,10,1,server-create,accepted,/);
    expect(lines[2]).toMatch(/^1,centralized,0\.5,10,1,server-create,active,/);
    expect(lines.at(-1)).toMatch(/^45,stretched-galera,2,200,5,token-issue,done,/);
    expect(linesOf('summary.csv')).toHaveLength(1 + 45 * 4);
  });

  it('gives the same bytes whatever the order of the runs', () => {
    expect(reportFiles(study, [...results].reverse(), [])).toEqual(reportFiles(study, results, []));
  });

  it('prints an empty cell where there is no value', () => {
    const [run] = results;
    const [operation] = run.operations;
    const empty = { ...operation, ok: 0, meanMs: Number.NaN, p50Ms: Number.NaN };
    writeReport({ directory, study, results: [{ ...run, operations: [empty] }], failures: [] });
    const [header, row] = linesOf('operations.csv').map((line) => line.split(','));
    expect(row[header.indexOf('mean_ms')]).toBe('');
    const [names, summary] = linesOf('summary.csv').map((line) => line.split(','));
    expect(summary[names.indexOf('mean_ms')]).toBe('');
    expect(summary[names.indexOf('mean_half_width_ms')]).toBe('');
    expect(read('summary.csv')).not.toContain('NaN');
  });

  it('has a header also where there is nothing', () => {
    writeReport({ directory, study, results: [], failures: [] });
    for (const file of ['operations.csv', 'components.csv', 'links.csv', 'summary.csv']) {
      expect(linesOf(file)).toHaveLength(1);
      expect(read(file)).toMatch(/^point,placement,rtt_scale,computes_per_site,/);
    }
    expect(existsSync(join(directory, 'charts'))).toBe(false);
  });

  it('writes failures.csv only where there are failures, and takes an old one away', () => {
    writeReport({ directory, study, results, failures: [failure] });
    expect(read('failures.csv')).toContain('3,cells,1,10,2,1/3/2,"no route from ""paris"",');
    expect(read('dictionary.csv')).toContain('failures.csv,seed');
    writeReport({ directory, study, results, failures: [] });
    expect(existsSync(join(directory, 'failures.csv'))).toBe(false);
    expect(read('dictionary.csv')).not.toContain('failures.csv,');
  });

  it('says why requests failed, where any did', () => {
    const failed = [
      { operation: 'server-create', reason: 'no valid host', count: 2 },
      { operation: 'server-create', reason: 'MessagingTimeout', count: 5 },
    ];
    const [first, ...others] = results;
    const runs = [{ ...first, failedRequests: failed }, ...others];
    writeReport({ directory, study, results: runs, failures: [] });
    expect(linesOf('failed-requests.csv').slice(1)).toEqual([
      '1,centralized,0.5,10,1,server-create,MessagingTimeout,5',
      '1,centralized,0.5,10,1,server-create,no valid host,2',
    ]);
    expect(formatSummaryTable(study, runs, [], { width: 400 })).toContain(
      'for MessagingTimeout (5) and no valid host (2)',
    );
    writeReport({ directory, study, results, failures: [] });
    expect(existsSync(join(directory, 'failed-requests.csv'))).toBe(false);
  });

  it('leaves other files alone and exchanges the charts as a whole', () => {
    mkdirSync(join(directory, 'charts'));
    writeFileSync(join(directory, 'charts', 'old.svg'), '<svg/>');
    writeFileSync(join(directory, 'notes.txt'), 'mine');
    writeReport({ directory, study, results, failures: [] });
    expect(existsSync(join(directory, 'charts', 'old.svg'))).toBe(false);
    expect(existsSync(join(directory, 'charts', 'utilisation.svg'))).toBe(true);
    expect(read('notes.txt')).toBe('mine');
  });

  it('changes nothing where the report cannot be made', () => {
    writeReport({ directory, study, results, failures: [] });
    const before = read('summary.csv');
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    const bad = { ...study, provenance: loop };
    expect(() => writeReport({ directory, study: bad, results: [], failures: [] })).toThrow();
    expect(read('summary.csv')).toBe(before);
    expect(readdirSync(directory).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('splits add up to the mean in operations.csv', () => {
    writeReport({ directory, study, results, failures: [] });
    const [header, ...rows] = linesOf('operations.csv').map((line) => line.split(','));
    const split = header.slice(header.indexOf('max_ms') + 1);
    expect(split).toHaveLength(13);
    for (const row of rows.slice(0, 50)) {
      const parts = split.map((name) => Number(row[header.indexOf(name)]));
      const sum = parts.reduce((total, part) => total + part, 0);
      expect(Math.abs(sum - Number(row[header.indexOf('mean_ms')]))).toBeLessThan(0.01);
    }
  });
});
