import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Fit } from '../../../scripts/calibrate/fit.js';
import { fitLatency, fitMariaDb, simpleStatementMs } from '../../../scripts/calibrate/mariadb.js';
import { pingedMs } from '../../../scripts/calibrate/measured.js';
import { fitRabbitMq } from '../../../scripts/calibrate/rabbitmq.js';
import { Galera } from '../../../src/cloud/database/galera.js';
import { Simulator } from '../../../src/kernel/simulator.js';
import { ClosedWriters } from './database/closed-writers.js';
import { LabWire, loadBackend, membersAt, withValues } from './lab-wire.js';

/** Cells of the card's table rows, those of all its tables; emphasis and code marks taken off. */
function tableRows(card: string): string[][] {
  const file = new URL(`../../../docs/models/${card}.md`, import.meta.url);
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.replace(/[`*]/g, '').trim()),
    );
}

describe.each(['rabbitmq', 'mariadb', 'galera', 'rome', 'cockroachdb', 'qpid-dispatch'])(
  'the card of %s',
  (backend) => {
    const { constants } = loadBackend(backend);
    const rows = new Map(tableRows(backend).map((cells) => [cells[0], cells]));
    const inherited = backend === 'galera' ? Object.keys(loadBackend('mariadb').constants) : [];
    const own = Object.keys(constants).filter((name) => !inherited.includes(name));

    it.each(own)('shows %s with its value and range', (name) => {
      const { value, range, assumption } = constants[name];
      const [, shownValue, shownRange, measuredOn] = rows.get(name) ?? [];
      expect(Number.parseFloat(shownValue)).toBe(value);
      expect(shownRange).toBe(`${range[0]} to ${range[1]}`);
      expect(measuredOn.includes('assumption')).toBe(assumption === true);
    });
  },
);

/** Card's name of an operation and that of the measured table. */
const OPERATIONS: Readonly<Record<string, string>> = {
  'server create': 'server_create',
  'server delete': 'server_delete',
  'server list, 100 servers': 'server_list_100',
  'server list, 10 servers': 'server_list_10',
  'port create': 'port_create',
  'port delete': 'port_delete',
  'network create': 'network_create',
  'server show': 'server_show',
  'image upload': 'image_create_upload_1MB',
  'token issue, without Keystone’s cache': 'token_issue[kcache=null]',
  'token validate, without Keystone’s cache': 'token_validate[kcache=null]',
};

function expectRounded(shown: string, ms: number): void {
  expect(shown).toBe(ms.toFixed(1));
}

function residualsOf(fits: readonly Fit[], constant: string) {
  const { residuals } = fits.find((fit) => fit.constant === constant) as Fit;
  return new Map(residuals.map((each) => [each.row.replace(/, ms$/, ''), each]));
}

describe('the card of mariadb', () => {
  const residuals = residualsOf(fitMariaDb(), 'cpu-per-statement');
  const rows = new Map(
    tableRows('mariadb').map(([name, ...cells]) => [name.replace("'", '’'), cells]),
  );

  it.each(Object.entries(OPERATIONS))('shows the CPU of %s as fitted', (name, operation) => {
    const [measured, model, error] = rows.get(name) ?? [];
    const residual = residuals.get(operation);
    if (!residual) throw new Error(`nothing was fitted on ${operation}`);
    expectRounded(measured, residual.measured);
    expectRounded(model, residual.fitted);
    const percent = Math.round((residual.fitted / residual.measured - 1) * 100);
    expect(error).toBe(`${percent < 0 ? '−' : '+'}${Math.abs(percent)} %`);
  });
});

describe('the card of rabbitmq', () => {
  it('shows the CPU of operations as fitted', () => {
    const file = new URL('../../../docs/models/rabbitmq.md', import.meta.url);
    const text = readFileSync(file, 'utf8');
    const residuals = residualsOf(fitRabbitMq(), 'cpu-per-wake-up');
    const named = {
      server_create: /server create (\d+\.\d) ms measured, (\d+\.\d) fitted/,
      server_delete: /server delete (\d+\.\d), (\d+\.\d)/,
      port_create: /port create (\d+\.\d), (\d+\.\d)/,
      network_create: /network create (\d+\.\d), (\d+\.\d)/,
    };
    for (const [operation, sentence] of Object.entries(named)) {
      const [, measured, fitted] = sentence.exec(text) ?? [];
      const residual = residuals.get(operation);
      if (!residual) throw new Error(`nothing was fitted on ${operation}`);
      expectRounded(measured, residual.measured);
      expectRounded(fitted, residual.fitted);
    }
  });
});

/** Mean of commits in the WAN lab, where hosts that wake cost their part of every leg. */
function commitMs(
  members: number,
  nominalRttMs: number,
  replicas: readonly number[],
  durationMs: number,
  values: Readonly<Record<string, number>> = {},
): number {
  const simulator = new Simulator();
  const database = new Galera({
    id: 'cells',
    constants: withValues(loadBackend('galera'), {
      'cpu-per-statement': simpleStatementMs('update'),
      ...values,
    }),
    simulator,
    wire: LabWire.uniform(members, pingedMs(nominalRttMs) + fitLatency().wakingMs),
    traffic: 0,
    replicas: membersAt(
      simulator,
      Array.from({ length: members }, (_, site) => site),
    ),
  });
  const writers = new ClosedWriters(simulator, database, replicas);
  writers.run(durationMs);
  return writers.meanMs;
}

/** Model's part of a cell such as `20.6 / 20.8`. */
function modelOf(cell: string): number {
  return Number(cell.split('/')[1]);
}

describe('the card of galera', () => {
  const rows = tableRows('galera');

  it.each([2, 3, 5])('shows what the model makes of a lone writer among %i members', (members) => {
    const row = rows.find(
      ([first, second]) => Number.parseInt(first, 10) === members && second.includes('/'),
    );
    [2, 10, 50, 150].forEach((rttMs, place) => {
      const ms = commitMs(members, rttMs, [0], 2000);
      expect(modelOf(row?.[place + 1] ?? '') / ms).toBeCloseTo(1, 2);
    });
  });

  const many = rows.filter((cells) => cells.length === 5 && Number(cells[2]) > 1);

  it('has rows of many writers', () => {
    expect(many.length).toBeGreaterThanOrEqual(10);
  });

  it.each(many)('%s members, RTT %s, %s writers: on one %s, spread %s', (...cells) => {
    const [members, rttMs, clients] = cells.slice(0, 3).map(Number);
    const onOne = commitMs(members, rttMs, new Array(clients).fill(0), 5000);
    const onAll = Array.from({ length: clients }, (_, client) => client % members);
    const spread = commitMs(members, rttMs, onAll, 5000);
    expect(modelOf(cells[3]) / onOne).toBeCloseTo(1, 2);
    expect(modelOf(cells[4]) / spread).toBeCloseTo(1, 2);
  });

  it.each([16, 64])('shows what the model makes of a large window, %i writers', (clients) => {
    const row = rows.find((cells) => cells[2] === `${clients}, window 512`) ?? [];
    const large = { 'user-send-window': 512 };
    const onOne = commitMs(3, 50, new Array(clients).fill(0), 5000, large);
    const onAll = Array.from({ length: clients }, (_, client) => client % 3);
    expect(modelOf(row[3]) / onOne).toBeCloseTo(1, 2);
    expect(modelOf(row[4]) / commitMs(3, 50, onAll, 5000, large)).toBeCloseTo(1, 2);
  });
});
