import { z } from 'zod';
import { ModelJobError } from '../../../../../planner/index.js';
import { readConfig } from '../../read-config.js';
import { processorDefaults, type ProcessorName } from './defaults.js';
import { obeyedSettings } from './settings.js';

const edge = z.int().positive();

/** How large a picture becomes: one of the forms that transformers has. */
const size = z.looseObject({
  height: edge.optional(),
  width: edge.optional(),
  shortest_edge: edge.optional(),
  longest_edge: edge.optional(),
  max_height: edge.optional(),
  max_width: edge.optional(),
});

export type TargetSize = z.infer<typeof size>;

const perChannel = z.union([z.number(), z.array(z.number()).length(3)]);

/** What of a `preprocessor_config.json` decides about pixels, by transformers' names. */
const processorConfig = z.looseObject({
  do_resize: z.boolean().default(true),
  size: z.union([edge, size]),
  max_size: edge.optional(),
  /** Pillow's number of the filter. */
  resample: z.int().min(0).max(5).default(2),
  do_center_crop: z.boolean().default(false),
  crop_size: z.union([edge, size]).optional(),
  crop_pct: z.number().positive().optional(),
  do_rescale: z.boolean().default(true),
  rescale_factor: z.number().default(1 / 255),
  rescale_offset: z.boolean().default(false),
  do_normalize: z.boolean().default(true),
  image_mean: perChannel.default([0.5, 0.5, 0.5]),
  image_std: perChannel.default([0.5, 0.5, 0.5]),
  include_top: z.boolean().default(false),
  do_flip_channel_order: z.boolean().default(false),
  do_pad: z.boolean().default(false),
  pad_size: size.optional(),
  size_divisor: z.int().nonnegative().optional(),
  keep_aspect_ratio: z.boolean().default(false),
  ensure_multiple_of: edge.default(1),
});

export type ProcessorConfig = z.infer<typeof processorConfig> & { name: ProcessorName };

const anyConfig = z.looseObject({
  image_processor_type: z.string().nullish(),
  feature_extractor_type: z.string().nullish(),
});

const file = 'preprocessor_config.json';

/** The side of the middle that processors cut out by default, in pixels. */
const defaultCrop = 224;

/**
 * How a bundle's pictures become pixels, with the defaults of its processor.
 *
 * @returns undefined for a processor that is not known here, or that the bundle doesn't name
 * @throws ModelJobError `Failed` for a file that is not as it should be, or none
 */
export async function processorConfigOf(folder: string): Promise<ProcessorConfig | undefined> {
  const given = await readConfig(folder, file, anyConfig);
  if (!given) throw new ModelJobError('Failed', `the bundle has no ${file}`, { retryable: false });
  const name = nameOf(given);
  if (name === undefined) return undefined;
  const written = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
  const told = obeyedSettings(name, typeOf(given), written);
  const whole = { ...processorDefaults[name], ...told, ...(cropsBeyond(told) && { do_center_crop: false }) };
  const config = await readConfig(
    folder,
    file,
    z.preprocess(() => whole, processorConfig),
  );
  return config && { ...config, name };
}

/**
 * Whether only the defaults ask for a crop, and the picture is brought to a smaller size: transformers would put it
 * into a black one of 224 × 224 pixels, which no network that names its size takes.
 */
function cropsBeyond(told: Readonly<Record<string, unknown>>): boolean {
  if ('do_center_crop' in told || 'crop_size' in told) return false;
  const { success, data } = z.looseObject({ height: edge, width: edge }).safeParse(told['size']);
  return success && Math.min(data.height, data.width) < defaultCrop;
}

function typeOf({ image_processor_type: type, feature_extractor_type: old }: z.infer<typeof anyConfig>): string {
  return type ?? old ?? '';
}

/** Processors of today, of torchvision (`…Fast`) and of old (`…FeatureExtractor`) have the same rules. */
function nameOf(given: z.infer<typeof anyConfig>) {
  const name = typeOf(given)
    .replace(/Fast$/, '')
    .replace(/FeatureExtractor$/, 'ImageProcessor');
  return Object.keys(processorDefaults).find((known): known is ProcessorName => known === name);
}
