import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'fogplane-fidelity-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Row = Record<string, string>;

function readLedger(file: string): Row[] {
  return parse(readFileSync(file, 'utf8'), { columns: true });
}

function fidelity(...args: string[]) {
  return spawnSync(process.execPath, [join(root, 'bin/fogplane.js'), 'fidelity', ...args], {
    cwd: root,
    encoding: 'utf8',
    // The whole ledger is more than Node's default of 1 MiB.
    maxBuffer: 64 * 2 ** 20,
  });
}

/** A figure may come out this much worse than in the committed ledger: the noise of its replications. */
const NOISE = 0.03;

describe('the ledger of fidelity', () => {
  const reference = readLedger(join(root, 'results/reference/fidelity.csv'));
  const file = join(folder, 'fresh.csv');
  let fresh: Row[];

  beforeAll(() => {
    const { status, stderr } = fidelity('--csv', file);
    expect(status, stderr).toBe(0);
    // Rows that nobody understands have no family; they are listed, not kept.
    fresh = readLedger(file).filter((row) => row.family !== '');
  }, 400_000);

  it('has the figures of the committed one', () => {
    const key = (row: Row) => `${row.family} ${row.id} ${row.metric} ${row.role}`;
    expect(fresh.map(key)).toEqual(reference.map(key));
  });

  it('gets no figure worse by more than noise', () => {
    const worse = fresh.flatMap((row, i) => {
      if (row.agreement === 'no' && reference[i].agreement === 'yes')
        return [`${row.id} ${row.metric}: no longer agrees`];
      const before = Math.abs(Number(reference[i].error));
      const now = Math.abs(Number(row.error));
      return row.error !== '' && now > before + NOISE
        ? [`${row.id} ${row.metric}: ${before} to ${now}`]
        : [];
    });
    expect(worse).toEqual([]);
  });

  it('uses at most a third of a family for calibration', () => {
    for (const family of new Set(reference.map((row) => row.family))) {
      // Of the idle Mitaka only 100 and 200 computes are at hand: a line takes one of each law's two.
      if (family === 'enos') continue;
      const own = reference.filter((row) => row.family === family);
      const calibration = own.filter((row) => row.role === 'calibration').length;
      expect(calibration / own.length, family).toBeLessThanOrEqual(0.34);
    }
  });

  it('reaches what docs/fidelity.md says of the WAN', () => {
    const errors = fresh
      .filter((row) => row.family === 'zed-wan' && row.role === 'judgement' && row.error !== '')
      .map((row) => Math.abs(Number(row.error)))
      .sort((a, b) => a - b);
    expect(errors[Math.floor(errors.length / 2)]).toBeLessThan(0.07);
  });
});

describe('further figures', () => {
  const header = readFileSync(join(root, 'test/fidelity/figures/wan.csv'), 'utf8').split(
    /\r?\n/,
  )[0];

  it('are judged, and rows that nobody understands are listed', () => {
    const rows = [
      '1,P4,30,image_list,5,100,100,100,1,0,0,0,0',
      '1,P_unknown,20.0,server_fly,1,1,1,1,1,0,0,0,0',
    ];
    const figures = join(folder, 'wan.csv');
    writeFileSync(figures, [header, ...rows].join('\n'));
    const { status, stdout } = fidelity('--figures', figures);
    expect(status).toBe(0);
    expect(stdout).toMatch(/wan\.csv:2 .*P4 RTT 30: image_list p50/);
    expect(stdout).toMatch(/wan\.csv:3: no scenario for the placement "P_unknown"/);
  });

  it('of an unknown source are refused with the nearest name', () => {
    const figures = join(folder, 'wann.csv');
    writeFileSync(figures, `${header}\n1,P4,30,image_list,5,100,100,100,1,0,0,0,0\n`);
    const { status, stderr } = fidelity('--figures', figures);
    expect(status).toBe(2);
    expect(stderr).toContain('no family reads the source "wann"; did you mean "wan"?');
  });

  it('of a file that is not there, or holds none, are refused', () => {
    expect(fidelity('--figures', join(folder, 'none.csv'), '--source', 'wan').status).toBe(2);
    const empty = join(folder, 'empty.csv');
    writeFileSync(empty, `${header}\n`);
    const { status, stderr } = fidelity('--figures', empty, '--source', 'wan');
    expect(status).toBe(2);
    expect(stderr).toContain('holds no figures');
  });

  it('of an unknown family are refused', () => {
    const { status, stderr } = fidelity('--family', 'zed-wam');
    expect(status).toBe(2);
    expect(stderr).toContain('did you mean "zed-wan"?');
  });
});
