/** What one input may measure. A job that needs more cuts its input, or calls a program that reads it in pieces. */
export const inputLimits = {
  /** Bytes of UTF-8 in one text: a tokenizer reads all of it before the model's own length cuts it. */
  textBytes: 1024 * 1024,
  /** Labels of one zero-shot classification, each of which is a run of the model. */
  labels: 100,
  /** Documents of one reranking, each of which is a row of the model's batch. */
  documents: 1000,
  /** Bytes of one image file. */
  imageBytes: 64 * 1024 * 1024,
  /** Pixels of one decoded image, 300 MB as RGB: a small file can name billions (a decompression bomb). */
  imagePixels: 100_000_000,
  /** Bytes of one audio file: 50 minutes of a CD. */
  audioBytes: 512 * 1024 * 1024,
  /** Decoded samples of one channel, 512 MB as float32: 46 minutes at 48 kHz, 139 minutes at 16 kHz. */
  audioSamples: 128 * 1024 * 1024,
} as const;
