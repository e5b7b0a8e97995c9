import { roundToEven } from './numbers.js';

/** Two bytes of an IEEE 754 half as a number. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The nearest half to a number, ties to even; too large a number becomes infinity. */
export function numberToHalf(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size >= 65_520) return sign | 0x7c00;
  // Below the smallest normal number the step stays the same.
  const exponent = Math.max(Math.floor(Math.log2(size || 2 ** -24)), -14);
  const steps = roundToEven(size / 2 ** (exponent - 10));
  // A mantissa that was rounded up to 2048 carries into the exponent by itself.
  return sign | (exponent === -14 && steps < 1024 ? steps : ((exponent + 14) << 10) + steps);
}
