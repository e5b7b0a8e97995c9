import { audioOf, type AudioInput } from '../../../models/tasks/audio.js';
import { taskParameters } from '../../../models/tasks/parameters/index.js';
import { runEach } from '../each-input.js';
import type { ModelLoader } from '../model-source.js';
import { parametersBy } from '../parameters.js';
import { plainOutput } from '../plain-output.js';
import { readAudio } from '../../media/read-audio.js';
import { ctcRecognition } from './ctc.js';
import { samplingRate } from './sampling-rate.js';

/** Whisper hears 30 seconds at a time: a longer recording is cut into windows that overlap. */
const whisperWindows = { chunk_length_s: 30, stride_length_s: 5 };

/** What is said in recordings. */
export const speechRecognition: ModelLoader = async (source) => {
  const { model_type: type = '' } = await source.config();
  const hearsLetters = source.library.AutoModelForCTC.supports(type) && type !== 'parakeet_ctc';
  return hearsLetters ? ctcRecognition(source) : writtenSpeech(source);
};

/** The same by a network that writes, as Whisper does. */
const writtenSpeech: ModelLoader = async (source) => {
  const pipeline = await source.pipeline('automatic-speech-recognition');
  const rate = samplingRate(pipeline.processor);
  const defaults = (await source.config()).model_type?.includes('whisper') ? whisperWindows : {};
  return {
    async run(inputs, options) {
      const parameters = parametersBy(taskParameters.speech_recognition, options);
      return runEach(inputs, options, async (input) => {
        const samples = await readAudio(audioOf(input as AudioInput), rate);
        return plainOutput(await pipeline(samples, { ...defaults, ...parameters }));
      });
    },
    async dispose() {
      await pipeline.dispose();
    },
  };
};
