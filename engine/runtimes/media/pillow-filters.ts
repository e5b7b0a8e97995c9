/** A filter of Pillow: how far it reaches, and the weight of a place at a distance from its middle. */
interface Kernel {
  support: number;
  weigh(distance: number): number;
}

/** In the order of Pillow's numbers. */
export const filterNames = ['nearest', 'lanczos', 'bilinear', 'bicubic', 'box', 'hamming'] as const;

/** A filter by its name. */
export type Filter = (typeof filterNames)[number];

/** One that weighs several pixels. */
export type WeighingFilter = Exclude<Filter, 'nearest'>;

/** Source of the formulas: `src/libImaging/Resample.c` of Pillow. */
const kernels: Readonly<Record<WeighingFilter, Kernel>> = {
  box: { support: 0.5, weigh: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { support: 1, weigh: (x) => Math.max(1 - Math.abs(x), 0) },
  hamming: { support: 1, weigh: hamming },
  bicubic: { support: 2, weigh: bicubic },
  lanczos: { support: 3, weigh: lanczos },
};

/** The kernel of a filter. */
export function kernelOf(filter: WeighingFilter): Kernel {
  return kernels[filter];
}

function hamming(distance: number): number {
  const x = Math.abs(distance);
  if (x === 0) return 1;
  // Pillow has these two as single floats.
  return x >= 1 ? 0 : sinc(x) * (Math.fround(0.54) + Math.fround(0.46) * Math.cos(x * Math.PI));
}

/** https://en.wikipedia.org/wiki/Bicubic_interpolation#Bicubic_convolution_algorithm with a = -0.5. */
function bicubic(distance: number): number {
  const [x, a] = [Math.abs(distance), -0.5];
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}

function lanczos(distance: number): number {
  return distance >= -3 && distance < 3 ? sinc(distance) * sinc(distance / 3) : 0;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
}
