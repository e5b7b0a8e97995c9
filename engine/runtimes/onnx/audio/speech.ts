import { ModelJobError } from '../../../../planner/index.js';
import { audioOf, type AudioInput } from '../../../models/tasks/audio.js';
import { taskParameters } from '../../../models/tasks/parameters/index.js';
import { runEach } from '../each-input.js';
import type { Pipeline } from '../library.js';
import type { ModelLoader } from '../model-source.js';
import { parametersBy } from '../parameters.js';
import { plainOutput } from '../plain-output.js';
import { readAudio } from '../../media/read-audio.js';
import { ctcRecognition } from './ctc.js';
import { languageDetector } from './language.js';
import { obeyedBy, refuseOthers } from './obeyed-parameters.js';
import { samplingRate } from './sampling-rate.js';
import { timesRule } from './times-rule.js';

/** Whisper hears 30 seconds at a time: a longer recording is cut into windows that overlap. */
const whisperWindow = 30;

/** What is said in recordings. */
export const speechRecognition: ModelLoader = async (source) => {
  const { model_type: type = '' } = await source.config();
  const hearsLetters = source.library.AutoModelForCTC.supports(type) && type !== 'parakeet_ctc';
  return hearsLetters ? ctcRecognition(source) : writtenSpeech(source);
};

/** The same by a network that writes, as Whisper does. */
const writtenSpeech: ModelLoader = async (source) => {
  const pipeline = await source.pipeline('automatic-speech-recognition');
  readNothing(pipeline);
  const rate = samplingRate(pipeline.processor);
  const { model_type: type = '' } = await source.config();
  const obeyed = obeyedBy(type);
  const languageOf = obeyed ? undefined : languageDetector(source.library, pipeline);
  const rulesOf = ({ return_timestamps: tells }: { return_timestamps?: boolean | 'word' | undefined }): object => {
    const rule = tells && !obeyed && timesRule(source.library, pipeline.model?.generation_config);
    return rule ? { logits_processor: rule } : {};
  };
  return {
    async run(inputs, options) {
      const given = parametersBy(taskParameters.speech_recognition, options);
      if (obeyed) refuseOthers(given, obeyed);
      const parameters = obeyed ? given : { ...given, ...windowsOf(given) };
      return runEach(inputs, options, async (input) => {
        const samples = await readAudio(audioOf(input as AudioInput), rate);
        const first = samples.subarray(0, Math.round((parameters.chunk_length_s ?? whisperWindow) * rate));
        const language = parameters.language ?? (await languageOf?.(first));
        const longest = type === 'moonshine' ? { max_new_tokens: moonshineTokens(samples.length / rate) } : {};
        return plainOutput(
          await pipeline(samples, {
            ...longest,
            ...parameters,
            ...(language !== undefined && { language }),
            ...rulesOf(parameters),
          }),
        );
      });
    },
    async dispose() {
      await pipeline.dispose();
    },
  };
};

/** No tokens are an empty text, as in Python: the library takes them for a fault, and so a stretch without words. */
function readNothing({ tokenizer }: Pipeline): void {
  if (!tokenizer) return;
  const decode = tokenizer.decode.bind(tokenizer);
  tokenizer.decode = (ids, options) => (Array.isArray(ids) && ids.length === 0 ? '' : decode(ids, options));
}

/** Moonshine's own limit, against texts that repeat themselves: six tokens a second, and a part of one is one. */
function moonshineTokens(seconds: number): number {
  return Math.max(Math.ceil(seconds * 6), 6);
}

/**
 * The windows that a recording is cut into, in seconds: each shares `stride_length_s` with the one before and the one
 * after. The default is that of transformers: a sixth.
 *
 * @throws ModelJobError `InvalidArgument` for a stride that leaves a window nothing of its own
 */
export function windowsOf({
  chunk_length_s: chunk = whisperWindow,
  stride_length_s: stride = chunk / 6,
}: {
  chunk_length_s?: number | undefined;
  stride_length_s?: number | undefined;
}): { chunk_length_s: number; stride_length_s: number } {
  if (2 * stride < chunk) return { chunk_length_s: chunk, stride_length_s: stride };
  const path = 'options.parameters.stride_length_s';
  const message = `must be less than half of chunk_length_s (${chunk}), but is ${stride}`;
  throw new ModelJobError('InvalidArgument', `${path}: ${message}`, { problems: [{ path, message }] });
}
