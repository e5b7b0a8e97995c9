/** Crossings of zero on each side of the kernel: more is sharper, and slower. */
const crossings = 24;

/** Of the Kaiser window: what lies above half of the rate is 90 dB down. */
const beta = 9;

/**
 * A recording at another rate, by a windowed sinc: what the new rate can't carry is taken out.
 *
 * @param from samples a second that it has
 * @param to samples a second that it gets
 */
export function resample(samples: Float32Array, from: number, to: number): Float32Array {
  if (from === to) return samples;
  const divisor = greatestCommonDivisor(from, to);
  const [step, phases] = [from / divisor, to / divisor];
  const kernels = Array.from({ length: phases }, (_, phase) => kernelAt(phase / phases, Math.min(1, to / from)));
  const reach = (kernels[0]?.length ?? 0) / 2;
  return Float32Array.from({ length: Math.ceil((samples.length * to) / from) }, (_, at) => {
    // The place in the old recording: a whole sample, and a phase between it and the next.
    const place = at * step;
    const kernel = kernels[place % phases] ?? [];
    const first = Math.floor(place / phases) - reach + 1;
    let sum = 0;
    for (let tap = Math.max(0, -first); tap < kernel.length; tap++) {
      sum += (kernel[tap] ?? 0) * (samples[first + tap] ?? 0);
    }
    return sum;
  });
}

/** Weights of the samples around a place that lies this share of a sample after one; they add up to one. */
function kernelAt(offset: number, cutoff: number): Float64Array {
  const reach = Math.ceil(crossings / cutoff);
  const weights = Float64Array.from({ length: 2 * reach }, (_, tap) => {
    const distance = tap - reach + 1 - offset;
    return sinc(distance * cutoff) * kaiser(distance / reach);
  });
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
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
