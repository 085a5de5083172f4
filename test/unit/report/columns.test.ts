import { describe, expect, it } from 'vitest';
import { printNumber, type Table } from '../../../src/report/column.js';
import { tableAsCsv } from '../../../src/report/csv.js';
import { dictionaryOf, outputsReference } from '../../../src/report/dictionary.js';
import { nameFactorColumns } from '../../../src/report/factor-columns.js';
import { asNumericFactor } from '../../../src/report/quantity.js';
import { factorColumnsOf, tablesOf } from '../../../src/report/tables.js';
import { expectFile } from './snapshot-file.js';
import { COMPUTES, makeStudy, PLACEMENT, RTT } from './synthetic.js';

const factor = (path: string) => ({ path, label: path, levels: ['1'] });

describe('columns of factors', () => {
  it('are named by the last part of the path in snake_case', () => {
    const names = factorColumnsOf(makeStudy([PLACEMENT, RTT, COMPUTES])).map((c) => c.column);
    expect(names).toEqual(['placement', 'rtt_scale', 'computes_per_site']);
  });

  it('take more of the path where two factors or another column have that name', () => {
    const paths = ['placement.params.workers', 'database.params.workers', 'workload.0.operation'];
    const names = factorColumnsOf(makeStudy(paths.map(factor))).map((c) => c.column);
    expect(names).toEqual(['placement_params_workers', 'database_params_workers', '0_operation']);
  });

  it('get a name of their own where the whole path is taken', () => {
    const [column] = nameFactorColumns([factor('seed')], new Set(['seed']));
    expect(column.column).toBe('factor_seed');
  });
});

describe('asNumericFactor', () => {
  it('reads numbers with one unit, and refuses words and mixed units', () => {
    const read = (levels: string[]) => asNumericFactor({ path: 'x', label: 'x', levels });
    expect(read(['0.5', '1', '2'])).toMatchObject({ values: [0.5, 1, 2], unit: '' });
    expect(read(['10 ms', '25 ms'])).toMatchObject({ values: [10, 25], unit: 'ms' });
    expect(read(['10 ms', '1 s'])).toBeUndefined();
    expect(read(['auto', '5'])).toBeUndefined();
    expect(read([])).toBeUndefined();
  });
});

describe('numbers', () => {
  it('print with fixed decimals; NaN is empty and zero has no sign', () => {
    expect(printNumber(1.23456, 3)).toBe('1.235');
    expect(printNumber(Number.NaN, 3)).toBe('');
    expect(printNumber(-0.0001, 3)).toBe('0.000');
    expect(printNumber(1e15, 0)).toBe('1000000000000000');
  });
});

describe('the data dictionary', () => {
  const tables: Table<never>[] = Object.values(
    tablesOf(factorColumnsOf(makeStudy([PLACEMENT, RTT]))),
  );

  it('has exactly the columns of the files, in their order', () => {
    const { rows } = dictionaryOf(tables);
    for (const table of tables) {
      const header = tableAsCsv(table, []).trimEnd().split(',');
      const described = rows.filter((row) => row.file === table.file).map((row) => row.column);
      expect(described).toEqual(header);
    }
  });

  it('describes itself', () => {
    const own = dictionaryOf(tables).rows.filter((row) => row.file === 'dictionary.csv');
    expect(own.map((row) => row.column)).toEqual(['file', 'column', 'unit', 'meaning', 'formula']);
  });

  it('gives every column a unit and a meaning, unique names, and units last', () => {
    for (const table of tables) {
      const names = table.columns.map((column) => column.name);
      expect(new Set(names).size).toBe(names.length);
      for (const column of table.columns) {
        expect(column.name).toMatch(/^[a-z0-9_]+$/);
        expect(column.unit, column.name).not.toBe('');
        expect(column.meaning, column.name).toMatch(/\.$/);
        const suffix = { ms: '_ms', s: '_s', 'per second': '_per_s' }[column.unit];
        if (suffix !== undefined) expect(column.name.endsWith(suffix), column.name).toBe(true);
      }
    }
  });

  it('is what docs/reference/outputs.md says', () => {
    expectFile('docs/reference/outputs.md', outputsReference());
  });
});
