import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatDuration,
  formatFrequency,
  formatRate,
  formatSize,
  parseDuration,
  parseFrequency,
  parseRate,
  parseSize,
  UnitError,
} from '../../../src/units/index.js';

/** The message of the UnitError that a text is refused with. */
function refusal(parse: (text: string) => number, text: string): string {
  try {
    parse(text);
  } catch (error) {
    expect(error).toBeInstanceOf(UnitError);
    return (error as UnitError).message;
  }
  throw new Error(`"${text}" was accepted`);
}

describe('parse', () => {
  it.each([
    ['25 ms', 25],
    ['25ms', 25],
    ['  25   ms ', 25],
    ['0 ms', 0],
    ['250 us', 0.25],
    ['250 µs', 0.25],
    ['250 μs', 0.25],
    ['1.5 s', 1500],
    ['10 seconds', 10_000],
    ['5 min', 300_000],
    ['5 Minutes', 300_000],
    ['2 h', 7_200_000],
    ['1 day', 86_400_000],
    ['1e3 ms', 1000],
    ['+3 ms', 3],
  ])('the duration %j', (text, ms) => {
    expect(parseDuration(text)).toBeCloseTo(ms, 12);
  });

  it.each([
    ['1 B', 1],
    ['706 bytes', 706],
    ['3 kB', 3000],
    ['3 KiB', 3072],
    ['64 MiB', 67_108_864],
    ['64 MB', 64_000_000],
    ['2 GB', 2e9],
    ['1.5 GiB', 1.5 * 2 ** 30],
    ['1 TB', 1e12],
    ['1 TiB', 2 ** 40],
  ])('the size %j', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  it.each([
    ['10 Gbit/s', 1e10],
    ['10Gbps', 1e10],
    ['10 Gb/s', 1e10],
    ['100 mbps', 1e8],
    ['64 kbit/s', 64_000],
    ['9600 bit/s', 9600],
    ['1.2 Tbit/s', 1.2e12],
  ])('the rate %j', (text, bps) => {
    expect(parseRate(text)).toBe(bps);
  });

  it.each([
    ['2 per min', 2 / 60_000],
    ['2/min', 2 / 60_000],
    ['2 / minute', 2 / 60_000],
    ['0.5 per s', 0.5 / 1000],
    ['3 per second', 3 / 1000],
    ['7 per  h', 7 / 3_600_000],
    ['1 per d', 1 / 86_400_000],
    ['4 per ms', 4],
    ['0 per min', 0],
  ])('the frequency %j', (text, perMs) => {
    expect(parseFrequency(text)).toBeCloseTo(perMs, 15);
  });

  it('gives zero, not minus zero', () => {
    expect(parseDuration('-0 ms')).toBe(0);
  });
});

describe('refuse', () => {
  it('a plain number, naming the units and an example', () => {
    expect(refusal(parseDuration, '25')).toBe(
      '"25" has no unit; give a duration such as "25 ms" (units: us, ms, s, min, h, d)',
    );
    expect(refusal(parseSize, '64 ')).toContain('such as "64 MiB" (units: B, kB, MB, GB, TB, KiB');
    expect(refusal(parseRate, '1e9')).toContain('such as "10 Gbit/s" (units: bit/s, kbit/s');
    expect(refusal(parseFrequency, '2')).toContain('such as "2 per min" (units: per ms, per s');
  });

  it.each([
    [parseDuration, '3 parsecs', '"parsecs" is no unit of a duration'],
    [parseDuration, '3 ms ms', '"ms ms" is no unit'],
    [parseDuration, '3 constructor', '"constructor" is no unit'],
    [parseDuration, '3 per min', '"per min" is no unit of a duration'],
    [parseSize, '10 Gbit/s', '"Gbit/s" is no unit of a size'],
    [parseRate, '64 MiB', '"MiB" is no unit of a rate'],
    [parseFrequency, '2 min', '"min" is no unit of a frequency'],
    [parseFrequency, '2 permin', '"permin" is no unit of a frequency'],
  ])('another unit (%#)', (parse, text, message) => {
    expect(refusal(parse, text)).toContain(message);
  });

  it.each([
    '',
    ' ',
    'ms',
    'fast',
    '.5 s',
    '1. s',
    '1_000 ms',
    '- 5 ms',
    'NaN ms',
    'Infinity s',
    '0x10 ms',
  ])('%j, which is not understood', (text) => {
    expect(refusal(parseDuration, text)).toMatch(/is not a duration such as|is no unit/);
  });

  it('a comma for a point, rather than reading one of the two numbers', () => {
    expect(refusal(parseDuration, '1,5 s')).toContain('",5 s" is no unit');
  });

  it('negative quantities with a message of their own', () => {
    expect(refusal(parseDuration, '-5 ms')).toBe('"-5 ms" is negative; give a duration from 0');
    expect(refusal(parseSize, '-1 MB')).toBe('"-1 MB" is negative; give a size from 0');
  });

  it('numbers beyond what a float holds', () => {
    expect(refusal(parseDuration, '1e308 h')).toContain('is too large');
  });

  it('bits where bytes are meant and the reverse: an error of eight times goes unseen', () => {
    expect(refusal(parseSize, '64 Mb')).toBe(
      '"Mb": a small b stands for bits, write a capital B for bytes',
    );
    expect(refusal(parseSize, '64 mib')).toContain('capital B');
    expect(refusal(parseRate, '10 MB/s')).toContain('a capital B stands for bytes');
    expect(refusal(parseRate, '10 MBps')).toContain('a capital B stands for bytes');
  });

  it('KB, which is read as 1000 by some and 1024 by others', () => {
    expect(refusal(parseSize, '4 KB')).toBe('"KB": write kB for 1000 bytes or KiB for 1024');
  });
});

describe('format', () => {
  it.each([
    [0, '0 ms'],
    [0.0005, '0.5 us'],
    [0.25, '250 us'],
    [25, '25 ms'],
    [999.9999999999999, '1 s'],
    [1500, '1.5 s'],
    [90_000, '1.5 min'],
    [-90_000, '-1.5 min'],
    [86_400_000, '1 d'],
    [Number.NaN, 'NaN us'],
  ])('%d ms as %j', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it.each([
    [0, '0 B'],
    [706, '706 B'],
    [1000, '1 kB'],
    [1024, '1 KiB'],
    [67_108_864, '64 MiB'],
    [300_000_000, '300 MB'],
    [1_500_001, '1.500001 MB'],
  ])('%d bytes as %j', (bytes, text) => {
    expect(formatSize(bytes)).toBe(text);
  });

  it('rates and frequencies', () => {
    expect(formatRate(1e10)).toBe('10 Gbit/s');
    expect(formatRate(9600)).toBe('9.6 kbit/s');
    expect(formatFrequency(2 / 60_000)).toBe('2 per min');
    expect(formatFrequency(1 / 60_000)).toBe('1 per min');
    expect(formatFrequency(1 / 86_400_000)).toBe('1 per d');
    expect(formatFrequency(0)).toBe('0 per s');
  });
});

describe('round trip', () => {
  const pairs = [
    ['duration', parseDuration, formatDuration],
    ['size', parseSize, formatSize],
    ['rate', parseRate, formatRate],
    ['frequency', parseFrequency, formatFrequency],
  ] as const;

  it.each(pairs)('a printed %s reads as itself within 1e-11', (_, parse, format) => {
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 1e18, noNaN: true }), (value) => {
        expect(Math.abs(parse(format(value)) / value - 1)).toBeLessThan(1e-11);
      }),
    );
  });

  it.each(pairs)('no text makes %s throw anything but a UnitError', (_, parse) => {
    const text = fc.oneof(
      fc.string(),
      fc.tuple(fc.double(), fc.string()).map((part) => part.join(' ')),
    );
    fc.assert(
      fc.property(text, (input) => {
        try {
          expect(parse(input)).toBeGreaterThanOrEqual(0);
        } catch (error) {
          expect(error).toBeInstanceOf(UnitError);
        }
      }),
    );
  });
});
