import { describe, expect, it } from 'vitest';
import type { Fit } from '../../../scripts/calibrate/fit.js';
import { fitGalera } from '../../../scripts/calibrate/galera.js';
import { fitMariaDb, idleStatementMs } from '../../../scripts/calibrate/mariadb.js';
import { fitRabbitMq } from '../../../scripts/calibrate/rabbitmq.js';
import {
  fitRabbitMqFaults,
  fitReplicatedStall,
} from '../../../scripts/calibrate/rabbitmq-faults.js';
import { fitEtcd } from '../../../scripts/calibrate/stores.js';
import { writeConstants } from '../../../src/calibration/write-constants.js';
import { backendConstantsSchema } from '../../../src/cloud/backend-constants.js';
import { loadBackend } from './lab-wire.js';

const FITS: Record<string, Fit[]> = {
  rabbitmq: [...fitRabbitMq(), ...fitRabbitMqFaults()],
  'rabbitmq-mirrored': fitReplicatedStall(),
  'rabbitmq-quorum': fitReplicatedStall(),
  mariadb: fitMariaDb(),
  galera: fitGalera(),
  etcd: fitEtcd(),
};

describe('the constants in models/backends', () => {
  const cases = Object.entries(FITS).flatMap(([backend, fits]) =>
    fits.map((fit) => ({ backend, constant: fit.constant, fit })),
  );

  it.each(cases)(
    '$backend: $constant is what the fit finds, to three digits',
    ({ backend, constant, fit }) => {
      const { value, unit } = loadBackend(backend).constants[constant];
      expect(value).toBe(Number(fit.value.toPrecision(3)));
      expect(unit.startsWith(fit.unit)).toBe(true);
    },
  );

  it('stay as they are when the fit finds them again, and never leave their range', () => {
    expect(writeConstants('etcd', FITS.etcd, '2026-01-01')).toEqual([]);
    const [fit] = FITS.etcd;
    expect(() => writeConstants('etcd', [{ ...fit, value: 99 }], '2026-01-01')).toThrow('outside');
    expect(() => writeConstants('etcd', [{ ...fit, constant: 'speed' }], '')).toThrow(
      'no constant',
    );
  });

  it('meet the CPU per statement of the idle OpenStack lab, on which nothing was fitted', () => {
    const { constants } = loadBackend('mariadb');
    // 195,745 bytes for 338 statements: an idle minute of the same lab (foot_cpu_kcache1_long.csv).
    const kilobytes = 195.745 / 338;
    const simulated =
      constants['cpu-per-statement'].value + kilobytes * constants['cpu-per-kilobyte'].value;
    expect(simulated / idleStatementMs()).toBeGreaterThan(0.95);
    expect(simulated / idleStatementMs()).toBeLessThan(1.05);
  });

  it('share the cost of statements and connections between mariadb and galera', () => {
    const mariadb = loadBackend('mariadb').constants;
    const galera = loadBackend('galera').constants;
    const shared = Object.keys(mariadb).filter((name) => name !== 'flush-per-commit');
    for (const name of shared) expect(galera[name].value, name).toBe(mariadb[name].value);
  });

  it('are refused outside their own range', () => {
    const { constants } = loadBackend('mariadb');
    const outside = { ...constants['flush-per-commit'], value: 11 };
    const parsed = backendConstantsSchema.safeParse({
      ...loadBackend('mariadb'),
      constants: { ...constants, 'flush-per-commit': outside },
    });
    expect(parsed.error?.issues[0]).toMatchObject({
      message: 'a constant lies in its own range',
      path: ['constants', 'flush-per-commit', 'range'],
    });
  });
});
