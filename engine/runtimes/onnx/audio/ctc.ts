import { audioOf, type AudioInput } from '../../../models/tasks/audio.js';
import { taskParameters } from '../../../models/tasks/parameters/index.js';
import { readAudio } from '../../media/read-audio.js';
import { runEach } from '../each-input.js';
import { comparableData } from '../float-data.js';
import type { Tensor } from '../library.js';
import type { ModelLoader } from '../model-source.js';
import { outputNamed } from '../outputs.js';
import { parametersBy } from '../parameters.js';
import { ctcLettersOf, readCtc } from './ctc-letters.js';
import { refuseOthers } from './obeyed-parameters.js';
import { loadExtractor } from './extractor/load-extractor.js';

/** What is said in recordings, by a network that hears letters step by step (wav2vec 2.0, HuBERT, WavLM, …). */
export const ctcRecognition: ModelLoader = async (source) => {
  const [extractor, network, letters] = await Promise.all([
    loadExtractor(source),
    source.network((library) => library.AutoModelForCTC),
    ctcLettersOf(source.bundle.filesDirectory),
  ]);
  return {
    async run(inputs, options) {
      refuseOthers(parametersBy(taskParameters.speech_recognition, options), []);
      return runEach(inputs, options, async (input) => {
        const samples = await readAudio(audioOf(input as AudioInput), extractor.rate);
        const outputs = await network(await extractor.inputsOf(samples));
        return { text: readCtc(likeliest(outputNamed(outputs, 'logits')), letters) };
      });
    },
    async dispose() {
      await network.dispose();
    },
  };
};

/** The likeliest class at each step of `[1, steps, classes]`. */
function likeliest(logits: Tensor): number[] {
  const [, steps = 0, classes = 0] = logits.dims;
  const data = comparableData(logits);
  return Array.from({ length: steps }, (_, step) => {
    let best = 0;
    for (let id = 1; id < classes; id++) {
      if ((data[step * classes + id] ?? 0) > (data[step * classes + best] ?? 0)) best = id;
    }
    return best;
  });
}
