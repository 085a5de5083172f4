/** A quantity that is not understood. The message says what is expected; callers add the place. */
export class UnitError extends Error {
  override name = 'UnitError';
}

interface UnitTable {
  /** What is measured, for messages. */
  readonly quantity: string;
  readonly example: string;
  /** Factor to the internal unit, by lower-case spelling. */
  readonly factors: Readonly<Record<string, number>>;
  /** Spellings to show in messages. */
  readonly shown: string;
}

const DURATION: UnitTable = {
  quantity: 'a duration',
  example: '25 ms',
  shown: 'us, ms, s, min, h, d',
  factors: {
    us: 0.001,
    ms: 1,
    s: 1000,
    sec: 1000,
    min: 60_000,
    h: 3_600_000,
    d: 86_400_000,
  },
};

const SIZE: UnitTable = {
  quantity: 'a size',
  example: '64 MiB',
  shown: 'B, kB, MB, GB, TB, KiB, MiB, GiB, TiB',
  factors: {
    b: 1,
    kb: 1e3,
    mb: 1e6,
    gb: 1e9,
    tb: 1e12,
    kib: 2 ** 10,
    mib: 2 ** 20,
    gib: 2 ** 30,
    tib: 2 ** 40,
  },
};

const RATE: UnitTable = {
  quantity: 'a rate',
  example: '10 Gbit/s',
  shown: 'bit/s, kbit/s, Mbit/s, Gbit/s, Tbit/s (or bps, kbps, Mbps, Gbps)',
  factors: {
    'bit/s': 1,
    'kbit/s': 1e3,
    'mbit/s': 1e6,
    'gbit/s': 1e9,
    'tbit/s': 1e12,
    bps: 1,
    kbps: 1e3,
    mbps: 1e6,
    gbps: 1e9,
    tbps: 1e12,
  },
};

const FREQUENCY: UnitTable = {
  quantity: 'a frequency',
  example: '2 per min',
  shown: 'per ms, per s, per min, per h, per d',
  factors: {
    'per ms': 1,
    'per s': 1 / 1000,
    'per min': 1 / 60_000,
    'per h': 1 / 3_600_000,
    'per d': 1 / 86_400_000,
  },
};

/** A number, blanks, a unit; `1e3`, `.5` and `1_000` are not numbers that people mean. */
const QUANTITY = /^\s*([+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)\s*([^\d\s].*?)?\s*$/;

function parse(text: string, table: UnitTable): number {
  const match = QUANTITY.exec(text);
  const expected = `${table.quantity} such as "${table.example}" (units: ${table.shown})`;
  if (!match) throw new UnitError(`"${text}" is not ${expected}`);
  const [, digits, unit] = match;
  if (unit === undefined) throw new UnitError(`"${text}" has no unit; give ${expected}`);
  const factor = factorOf(unit, table);
  if (factor === undefined) throw new UnitError(`"${unit}" is no unit of ${expected}`);
  const value = Number(digits) * factor;
  if (value < 0) throw new UnitError(`"${text}" is negative; give ${table.quantity} from 0`);
  if (!Number.isFinite(value)) throw new UnitError(`"${text}" is too large; give ${expected}`);
  return value;
}

function factorOf(unit: string, table: UnitTable): number | undefined {
  const spelling = unit.toLowerCase().replace(/\s+/g, ' ').replace(/^\/ ?/, 'per ');
  return Object.hasOwn(table.factors, spelling) ? table.factors[spelling] : undefined;
}

/** "25 ms" to ms. Throws UnitError for a bare number, another unit, or a negative value. */
export function parseDuration(text: string): number {
  return parse(text, DURATION);
}

/** "64 MiB" to bytes; kB is 1000 bytes, KiB 1024. Throws UnitError. */
export function parseSize(text: string): number {
  return parse(text, SIZE);
}

/** "10 Gbit/s" to bit/s. Throws UnitError. */
export function parseRate(text: string): number {
  return parse(text, RATE);
}

/** "2 per min" (or "2/min") to events per ms. Throws UnitError. */
export function parseFrequency(text: string): number {
  return parse(text, FREQUENCY);
}

function print(value: number, steps: readonly (readonly [number, string])[]): string {
  if (!Number.isFinite(value)) return String(value);
  const magnitude = Math.abs(value);
  const step = steps.find(([factor]) => magnitude >= factor) ?? steps[steps.length - 1];
  return `${Number((value / step[0]).toPrecision(12))} ${step[1]}`;
}

/** Ms to the largest unit of which it is at least one: "1.5 min". */
export function formatDuration(ms: number): string {
  if (ms === 0) return '0 ms';
  return print(ms, [
    [86_400_000, 'd'],
    [3_600_000, 'h'],
    [60_000, 'min'],
    [1000, 's'],
    [1, 'ms'],
    [0.001, 'us'],
  ]);
}

/** Bytes to decimal units: "1.5 MB". */
export function formatSize(bytes: number): string {
  return print(bytes, [
    [1e12, 'TB'],
    [1e9, 'GB'],
    [1e6, 'MB'],
    [1e3, 'kB'],
    [1, 'B'],
  ]);
}

/** Bit/s to "10 Gbit/s". */
export function formatRate(bps: number): string {
  return print(bps, [
    [1e12, 'Tbit/s'],
    [1e9, 'Gbit/s'],
    [1e6, 'Mbit/s'],
    [1e3, 'kbit/s'],
    [1, 'bit/s'],
  ]);
}

/** Events per ms to "2 per min". */
export function formatFrequency(perMs: number): string {
  return print(perMs, [
    [1, 'per ms'],
    [1 / 1000, 'per s'],
    [1 / 60_000, 'per min'],
    [1 / 3_600_000, 'per h'],
    [1 / 86_400_000, 'per d'],
  ]);
}
