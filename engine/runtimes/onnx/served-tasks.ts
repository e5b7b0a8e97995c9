import { ModelJobError, taskName, type ModelTask } from '../../../planner/index.js';
import type { LoadedModel, LocalBundle } from '../../models/contract/model-runtime.js';
import { audioClassification } from './audio/classification.js';
import { audioEmbedding } from './audio/embedding.js';
import { speechRecognition } from './audio/speech.js';
import { loadVoiceActivity } from './audio/voice-activity.js';
import type { PlacedRequest } from './device/provider.js';
import { loadFaceDetection } from './faces/model.js';
import { imageClassification } from './image/classification.js';
import { imageEmbedding } from './image/embedding.js';
import { objectDetection } from './image/detection.js';
import { imageSegmentation } from './image/segmentation/model.js';
import type { ModelLoader } from './model-source.js';
import { multimodalEmbedding } from './multimodal/embedding.js';
import { loadOcr } from './ocr/model.js';
import { textClassification } from './text/classification.js';
import { textEmbedding } from './text/embedding.js';
import { questionAnswering } from './text/question-answering.js';
import { reranking } from './text/reranking.js';
import { summarization } from './text/summarization.js';
import { tokenClassification } from './text/token-classification.js';
import { zeroShotClassification } from './text/zero-shot.js';

const loaders: Readonly<Record<string, ModelLoader>> = {
  text_classification: textClassification,
  token_classification: tokenClassification,
  zero_shot_classification: zeroShotClassification,
  text_embedding: textEmbedding,
  summarization,
  question_answering: questionAnswering,
  reranking,
  image_classification: imageClassification,
  object_detection: objectDetection,
  image_segmentation: imageSegmentation,
  image_embedding: imageEmbedding,
  audio_classification: audioClassification,
  audio_embedding: audioEmbedding,
  speech_recognition: speechRecognition,
  multimodal_embedding: multimodalEmbedding,
};

/** Loads a task's model from its graphs alone: no configuration says what they are. */
export type GraphLoader = (request: PlacedRequest, bundle: LocalBundle) => Promise<LoadedModel>;

/** Tasks of models that transformers.js does not know. */
export const graphLoaders: Readonly<Partial<Record<string, GraphLoader>>> = {
  face_detection: loadFaceDetection,
  ocr: loadOcr,
  audio_event_detection: loadVoiceActivity,
};

/** What serves the tasks that this runtime doesn't; every task can be served by `external`. */
const others: Readonly<Record<string, string>> = {
  source_separation: '`demucs`',
  audio_generation: '`comfy_ui`',
  speaker_conditioned_tts: '`comfy_ui`',
  face_embedding: '`open_cv`',
  pose_estimation2d: '`open_cv`',
};

/**
 * What loads models of a task.
 *
 * @throws ModelJobError `MissingDependency` that names the backends which can serve the task
 */
export function loaderFor(task: ModelTask): ModelLoader {
  const name = taskName(task);
  const found = Object.hasOwn(loaders, name) ? loaders[name] : undefined;
  if (found) return found;
  const served = Object.hasOwn(others, name) ? [others[name], '`external`'] : ['`external`'];
  throw new ModelJobError(
    'MissingDependency',
    `task \`${name}\` is not served by the onnx runtime, but by backend ${served.join(' or ')}; ` +
      `it has ${[...Object.keys(loaders), ...Object.keys(graphLoaders)].join(', ')}, and graphs of a custom task`,
  );
}
