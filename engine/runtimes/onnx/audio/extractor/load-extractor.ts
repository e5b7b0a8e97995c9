import { z } from 'zod';
import { ModelJobError } from '../../../../../planner/index.js';
import type { Library, Processor, Tensors } from '../../library.js';
import type { ModelSource } from '../../model-source.js';
import { readConfig } from '../../read-config.js';
import { samplingRate } from '../sampling-rate.js';
import { extractorNamed } from './extractors.js';

/** Makes recordings to a network's inputs. */
export interface Extractor {
  /** Samples a second. */
  rate: number;
  /** Samples that it hears at most; `Infinity` where it hears all. */
  longest: number;
  inputsOf: (samples: Float32Array) => Promise<Tensors>;
}

const file = 'preprocessor_config.json';

const anyConfig = z.looseObject({ feature_extractor_type: z.string().nullish() });

/**
 * The extractor of a bundle, with the defaults of its class.
 *
 * @throws ModelJobError `Failed` for a setting that is not served, or for a bundle that names no rate
 */
export async function loadExtractor(source: ModelSource): Promise<Extractor> {
  const folder = source.bundle.filesDirectory;
  const given = await readConfig(folder, file, anyConfig);
  if (!given) throw new ModelJobError('Failed', `the bundle has no ${file}`, { retryable: false });
  const name = given.feature_extractor_type ?? undefined;
  const known = extractorNamed(name);
  if (!known || name === undefined) return asExtractor(await libraryExtractor(source), Infinity);
  const settings = (await readConfig(folder, file, z.looseObject(known.settings))) ?? {};
  const whole = { ...settings, ...known.derived?.(settings as Record<string, number>) };
  const made = (source.library as unknown as Classes)[name];
  if (!made) throw new ModelJobError('Failed', `there is no ${name}`, { retryable: false });
  return asExtractor(callable(new made(whole), whole), known.longest?.(whole) ?? Infinity);
}

type Extract = (samples: Float32Array) => Promise<Tensors>;

/** The library's classes of extractors, by their names. */
type Classes = Readonly<Record<string, (new (config: object) => Extract) | undefined>>;

function callable(extract: Extract, config: object): Processor {
  const processor: Processor = (samples) => extract(samples as Float32Array);
  processor.feature_extractor = { config: config as { sampling_rate: number } };
  return processor;
}

async function libraryExtractor({ library, bundle }: Pick<ModelSource, 'library' | 'bundle'>): Promise<Processor> {
  const { AutoFeatureExtractor }: Library = library;
  const extract = (await AutoFeatureExtractor.from_pretrained(bundle.filesDirectory, {
    local_files_only: true,
  })) as unknown as Extract & { config: object };
  return callable(extract, extract.config);
}

function asExtractor(processor: Processor, longest: number): Extractor {
  return { rate: samplingRate(processor), longest, inputsOf: (samples) => processor(samples) };
}
