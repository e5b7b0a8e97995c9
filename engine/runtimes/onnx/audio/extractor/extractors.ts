import { z } from 'zod';

const count = z.int().positive();

/** What every extractor has; the sides and values of padding are of no account to a recording alone. */
const common = {
  sampling_rate: count.default(16_000),
  padding_value: z.number().default(0),
  padding_side: z.string().optional(),
  return_attention_mask: z.boolean().nullish(),
};

/** Frames of Kaldi's filter bank: 25 ms each, one begins every 10 ms. */
const kaldi = { frame: 400, hop: 160 };

interface Extractor {
  /** Its settings with their defaults: the signatures in transformers 4.57. */
  settings: z.ZodRawShape;
  /** Samples that it hears at most; the rest is cut. */
  longest?: (settings: Readonly<Record<string, unknown>>) => number;
  /** Settings that follow from the others. */
  derived?: (settings: Readonly<Record<string, number>>) => Record<string, number>;
}

/** How recordings become a network's inputs, by transformers' classes. */
export const extractors = {
  ASTFeatureExtractor: {
    settings: {
      ...common,
      feature_size: z.literal(1).default(1),
      num_mel_bins: count.default(128),
      max_length: count.default(1024),
      do_normalize: z.boolean().default(true),
      mean: z.number().default(-4.2677393),
      std: z.number().default(4.5689974),
    },
    longest: ({ max_length: frames }) => kaldi.frame + (Number(frames) - 1) * kaldi.hop,
  },
  ClapFeatureExtractor: {
    settings: {
      ...common,
      sampling_rate: count.default(48_000),
      feature_size: count.default(64),
      hop_length: count.default(480),
      max_length_s: count.default(10),
      chunk_length_s: count.optional(),
      fft_window_size: count.default(1024),
      frequency_min: z.number().default(0),
      frequency_max: z.number().default(14_000),
      top_db: z.null().optional(),
      // The default of its class, `fusion`, is not served: the file has to say another.
      truncation: z.literal('rand_trunc'),
      padding: z.enum(['repeatpad', 'repeat', 'pad']).default('repeatpad'),
      n_fft: count.optional(),
      nb_frequency_bins: count.optional(),
      nb_max_frames: count.optional(),
      nb_max_samples: count.optional(),
    },
    derived: ({ max_length_s: seconds = 0, sampling_rate: rate = 0, fft_window_size: size = 0 }) => ({
      nb_max_samples: seconds * rate,
      nb_frequency_bins: Math.floor(size / 2) + 1,
    }),
    longest: ({ nb_max_samples: samples }) => Number(samples),
  },
  SeamlessM4TFeatureExtractor: {
    settings: {
      ...common,
      feature_size: count.default(80),
      num_mel_bins: count.default(80),
      stride: count.default(2),
    },
  },
  Wav2Vec2FeatureExtractor: {
    settings: {
      ...common,
      feature_size: z.literal(1).default(1),
      do_normalize: z.boolean().default(true),
    },
  },
  WhisperFeatureExtractor: {
    settings: {
      ...common,
      feature_size: count.default(80),
      hop_length: count.default(160),
      chunk_length: count.default(30),
      n_fft: count.default(400),
      dither: z.literal(0).default(0),
      mel_filters: z.array(z.array(z.number())).optional(),
      n_samples: count.optional(),
      nb_max_frames: count.optional(),
    },
    derived: ({ chunk_length: seconds = 0, sampling_rate: rate = 0, hop_length: hop = 1 }) => ({
      n_samples: seconds * rate,
      nb_max_frames: Math.floor((seconds * rate) / hop),
    }),
    longest: ({ n_samples: samples }) => Number(samples),
  },
} satisfies Readonly<Record<string, Extractor>>;

export type ExtractorName = keyof typeof extractors;

/** The rules of a class; undefined for one that the library alone knows. */
export function extractorNamed(name: string | undefined): Extractor | undefined {
  return name !== undefined && Object.hasOwn(extractors, name) ? extractors[name as ExtractorName] : undefined;
}
