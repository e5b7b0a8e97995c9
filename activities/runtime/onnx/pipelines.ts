import type { PipelineType } from '@huggingface/transformers';
import { ModelJobError, taskName, type ModelTask } from '../../../planner/index.js';

/** How a task of the crate is served by a pipeline of transformers.js. */
export interface PipelineTask {
  pipeline: PipelineType;
  /** Arguments that the task implies; the request's parameters stand above them. */
  defaults: Readonly<Record<string, unknown>>;
  /**
   * Whether the pipeline takes a list of texts at once; one with further arguments, such as labels or a context, takes
   * one input at a time.
   */
  batches: boolean;
}

const single = (pipeline: PipelineType): PipelineTask => ({ pipeline, defaults: {}, batches: false });

const pipelines: Readonly<Record<string, PipelineTask>> = {
  text_classification: { pipeline: 'text-classification', defaults: {}, batches: true },
  token_classification: { pipeline: 'token-classification', defaults: {}, batches: true },
  text_embedding: { pipeline: 'feature-extraction', defaults: { pooling: 'mean', normalize: true }, batches: true },
  summarization: { pipeline: 'summarization', defaults: {}, batches: true },
  zero_shot_classification: single('zero-shot-classification'),
  question_answering: single('question-answering'),
  image_classification: single('image-classification'),
  image_segmentation: single('image-segmentation'),
  image_embedding: single('image-feature-extraction'),
  object_detection: single('object-detection'),
  audio_classification: single('audio-classification'),
  speech_recognition: single('automatic-speech-recognition'),
};

/**
 * The pipeline of a task.
 *
 * @throws ModelJobError `MissingDependency` for a task that transformers.js has no pipeline for
 */
export function pipelineFor(task: ModelTask): PipelineTask {
  const name = taskName(task);
  const found = Object.hasOwn(pipelines, name) ? pipelines[name] : undefined;
  if (found) return found;
  throw new ModelJobError(
    'MissingDependency',
    `task \`${name}\` is not served by the onnx runtime, which has ${Object.keys(pipelines).join(', ')}`,
  );
}
