import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { loudnessClassifier, toneEmbedder, toneReader } from './audio.js';
import { clip } from './clip.js';
import { sumGraph } from './sum.js';
import { summarizer } from './summarizer.js';
import { classifier, crossEncoder, embedder, entailment, entityFinder, questionAnswerer } from './text.js';
import { colorClassifier, colorDetector, colorSegmenter, imageEmbedder } from './vision.js';

/** A model's repository: objects are written as JSON. */
export type ModelFiles = Record<string, object | Uint8Array>;

/**
 * A tiny model for each task, made by script: its weights are chosen so that its answers are easy to foresee, and
 * everything around them is what real models have.
 */
export const testModels = {
  text_classification: classifier,
  token_classification: entityFinder,
  zero_shot_classification: entailment,
  text_embedding: embedder,
  summarization: summarizer,
  question_answering: questionAnswerer,
  reranking: crossEncoder,
  image_classification: colorClassifier,
  object_detection: colorDetector,
  image_segmentation: colorSegmenter,
  image_embedding: imageEmbedder,
  audio_classification: loudnessClassifier,
  audio_embedding: toneEmbedder,
  speech_recognition: toneReader,
  multimodal_embedding: clip,
  custom: () => sumGraph(),
} satisfies Record<string, () => ModelFiles>;

/** Writes a model's files into a folder. */
export async function writeModel(files: ModelFiles, folder: string): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, content instanceof Uint8Array ? content : JSON.stringify(content));
  }
}
