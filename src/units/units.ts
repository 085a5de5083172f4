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
  /** Spellings whose letter case says something else than what was meant, with what to write. */
  readonly mistakes: readonly (readonly [RegExp, string])[];
}

/** A factor under each of the spellings of its unit. */
function spelled(units: readonly (readonly [number, string])[]): Record<string, number> {
  return Object.fromEntries(
    units.flatMap(([factor, spellings]) => spellings.split(' ').map((name) => [name, factor])),
  );
}

const TIME_SPELLINGS = {
  // Both characters that look like a Greek mu: the micro sign and the letter.
  us: 'us \u00b5s \u03bcs',
  ms: 'ms',
  s: 's sec second seconds',
  min: 'min minute minutes',
  h: 'h hour hours',
  d: 'd day days',
};

const DURATION: UnitTable = {
  quantity: 'a duration',
  example: '25 ms',
  shown: 'us, ms, s, min, h, d',
  factors: spelled([
    [0.001, TIME_SPELLINGS.us],
    [1, TIME_SPELLINGS.ms],
    [1000, TIME_SPELLINGS.s],
    [60_000, TIME_SPELLINGS.min],
    [3_600_000, TIME_SPELLINGS.h],
    [86_400_000, TIME_SPELLINGS.d],
  ]),
  mistakes: [],
};

const SIZE: UnitTable = {
  quantity: 'a size',
  example: '64 MiB',
  shown: 'B, kB, MB, GB, TB, KiB, MiB, GiB, TiB',
  factors: spelled([
    [1, 'b byte bytes'],
    [1e3, 'kb'],
    [1e6, 'mb'],
    [1e9, 'gb'],
    [1e12, 'tb'],
    [2 ** 10, 'kib'],
    [2 ** 20, 'mib'],
    [2 ** 30, 'gib'],
    [2 ** 40, 'tib'],
  ]),
  mistakes: [
    [/^[kmgtKMGT]?i?b$/, 'a small b stands for bits, write a capital B for bytes'],
    [/^KB$/, 'write kB for 1000 bytes or KiB for 1024'],
  ],
};

const RATE: UnitTable = {
  quantity: 'a rate',
  example: '10 Gbit/s',
  shown: 'bit/s, kbit/s, Mbit/s, Gbit/s, Tbit/s (or bps, kbps, Mbps, Gbps, Tbps)',
  factors: spelled([
    [1, 'bit/s b/s bps'],
    [1e3, 'kbit/s kb/s kbps'],
    [1e6, 'mbit/s mb/s mbps'],
    [1e9, 'gbit/s gb/s gbps'],
    [1e12, 'tbit/s tb/s tbps'],
  ]),
  mistakes: [[/B(ps|\/s)$/, 'a capital B stands for bytes, write 8 times as many bits']],
};

const FREQUENCY: UnitTable = {
  quantity: 'a frequency',
  example: '2 per min',
  shown: 'per ms, per s, per min, per h, per d',
  factors: spelled([
    [1, TIME_SPELLINGS.ms],
    [1 / 1000, TIME_SPELLINGS.s],
    [1 / 60_000, TIME_SPELLINGS.min],
    [1 / 3_600_000, TIME_SPELLINGS.h],
    [1 / 86_400_000, TIME_SPELLINGS.d],
  ]),
  mistakes: [],
};

/** A number, blanks, a unit. "1,5", ".5" and "1_000" are refused: people read them differently. */
const QUANTITY = /^\s*([+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?)\s*([^\d\s].*)?$/i;

function parse(text: string, table: UnitTable): number {
  const match = QUANTITY.exec(text);
  const expected = `${table.quantity} such as "${table.example}" (units: ${table.shown})`;
  if (!match) throw new UnitError(`"${text}" is not ${expected}`);
  const [, digits, rest] = match;
  if (rest === undefined) throw new UnitError(`"${text}" has no unit; give ${expected}`);
  const unit = rest.trim();
  const factor = factorOf(unit, table);
  if (factor === undefined) throw new UnitError(`"${unit}" is no unit of ${expected}`);
  const value = Number(digits) * factor;
  if (value < 0) throw new UnitError(`"${text}" is negative; give ${table.quantity} from 0`);
  if (!Number.isFinite(value)) throw new UnitError(`"${text}" is too large; give ${expected}`);
  return Math.abs(value);
}

/** Undefined for an unknown unit. */
function factorOf(unit: string, table: UnitTable): number | undefined {
  const mistake = table.mistakes.find(([wrong]) => wrong.test(unit));
  if (mistake) throw new UnitError(`"${unit}": ${mistake[1]}`);
  let spelling = unit.toLowerCase();
  if (table === FREQUENCY) {
    const period = /^(?:per\s+|\/\s*)(\S+)$/.exec(spelling);
    if (!period) return undefined;
    spelling = period[1];
  }
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

type Step = readonly [factor: number, unit: string];

/** In the largest unit of which it is at least one, else in the smallest; to 12 digits. */
function print(value: number, steps: readonly Step[]): string {
  if (!Number.isFinite(value)) return `${value} ${steps[steps.length - 1][1]}`;
  // Rounded first: what rounds up to one of a unit is written in that unit.
  const rounded = Number(value.toPrecision(12));
  const magnitude = Math.abs(rounded);
  const [factor, unit] = steps.find((step) => magnitude >= step[0]) ?? steps[steps.length - 1];
  return `${Number((rounded / factor).toPrecision(12))} ${unit}`;
}

const DURATION_STEPS: readonly Step[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1000, 's'],
  [1, 'ms'],
  [0.001, 'us'],
];

const DECIMAL_SIZE_STEPS: readonly Step[] = [
  [1e12, 'TB'],
  [1e9, 'GB'],
  [1e6, 'MB'],
  [1e3, 'kB'],
  [1, 'B'],
];

const BINARY_SIZE_STEPS: readonly Step[] = [
  [2 ** 40, 'TiB'],
  [2 ** 30, 'GiB'],
  [2 ** 20, 'MiB'],
  [2 ** 10, 'KiB'],
  [1, 'B'],
];

const RATE_STEPS: readonly Step[] = [
  [1e12, 'Tbit/s'],
  [1e9, 'Gbit/s'],
  [1e6, 'Mbit/s'],
  [1e3, 'kbit/s'],
  [1, 'bit/s'],
];

const FREQUENCY_STEPS: readonly Step[] = [
  [1, 'per ms'],
  [1 / 1000, 'per s'],
  [1 / 60_000, 'per min'],
  [1 / 3_600_000, 'per h'],
  [1 / 86_400_000, 'per d'],
];

/** Ms to the largest unit of which it is at least one: "1.5 min". */
export function formatDuration(ms: number): string {
  return ms === 0 ? '0 ms' : print(ms, DURATION_STEPS);
}

/** Bytes to decimal units, or to binary ones where that is shorter: "1.5 MB", "64 MiB". */
export function formatSize(bytes: number): string {
  const decimal = print(bytes, DECIMAL_SIZE_STEPS);
  const binary = print(bytes, BINARY_SIZE_STEPS);
  return binary.length < decimal.length ? binary : decimal;
}

/** Bit/s to "10 Gbit/s". */
export function formatRate(bps: number): string {
  return print(bps, RATE_STEPS);
}

/** Events per ms to "2 per min". */
export function formatFrequency(perMs: number): string {
  return perMs === 0 ? '0 per s' : print(perMs, FREQUENCY_STEPS);
}
