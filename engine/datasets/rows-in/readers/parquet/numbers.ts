/** A unit of time; only durations are stored in whole seconds. */
export type TimeUnit = 'SECONDS' | 'MILLIS' | 'MICROS' | 'NANOS';

const digitsOf: Readonly<Record<TimeUnit, number>> = { SECONDS: 0, MILLIS: 3, MICROS: 6, NANOS: 9 };

const dayMs = 86_400_000;

/** A stored number as an integer: bytes are its two's complement, the highest first. */
export function integerOf(value: unknown): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return BigInt(value);
  const bytes = Buffer.from(value as Uint8Array);
  return bytes.length === 0 ? 0n : BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString('hex')}`));
}

/** `12345` of scale 2 is `123.45`. */
export function decimalText(unscaled: bigint, scale: number): string {
  const sign = unscaled < 0n ? '-' : '';
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  if (scale === 0) return sign + digits;
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** ISO 8601 with all digits of the unit and without a zone; undefined for a time beyond the calendar of ECMAScript. */
export function timestampText(value: bigint, unit: TimeUnit): string | undefined {
  const { seconds, fraction } = split(value, unit);
  const date = new Date(Number(seconds) * 1000);
  return Number.isNaN(date.getTime()) ? undefined : `${date.toISOString().slice(0, -5)}${fraction}`;
}

/** `2026-01-02`, from days since 1970. */
export function dateText(days: number): string {
  return new Date(days * dayMs).toISOString().split('T')[0] ?? '';
}

/** `03:04:05.000006`, from what has gone of a day. */
export function timeText(value: bigint, unit: TimeUnit): string {
  const { seconds, fraction } = split(value, unit);
  return `${new Date(Number(seconds) * 1000).toISOString().slice(11, 19)}${fraction}`;
}

/** `PT93784.000006S` */
export function durationText(value: bigint, unit: TimeUnit): string {
  const { seconds, fraction } = split(value < 0n ? -value : value, unit);
  return `${value < 0n ? '-' : ''}PT${seconds}${fraction}S`;
}

/** The INT96 that old writers used: nanoseconds of a Julian day, the day above them. As nanoseconds since 1970. */
export function nanosOfInt96(value: bigint): bigint {
  const days = (value >> 64n) - 2_440_588n;
  return days * 86_400_000_000_000n + BigInt.asUintN(64, value);
}

/** Whole seconds, and the rest as a decimal fraction with a point before it. */
function split(value: bigint, unit: TimeUnit): { seconds: bigint; fraction: string } {
  const digits = digitsOf[unit];
  const perSecond = 10n ** BigInt(digits);
  const rest = ((value % perSecond) + perSecond) % perSecond;
  const fraction = digits === 0 ? '' : `.${String(rest).padStart(digits, '0')}`;
  return { seconds: (value - rest) / perSecond, fraction };
}
