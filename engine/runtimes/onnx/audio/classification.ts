import { audioOf, type AudioInput } from '../../../models/tasks/audio.js';
import { taskParameters } from '../../../models/tasks/parameters/index.js';
import { bestLabels, scoresOf } from '../classification.js';
import { runEach } from '../each-input.js';
import { floatData } from '../float-data.js';
import type { ModelLoader } from '../model-source.js';
import { outputNamed } from '../outputs.js';
import { parametersBy } from '../parameters.js';
import { meanOfLists } from '../numbers.js';
import { loadExtractor } from './extractor/load-extractor.js';
import { hear, runParts, tellOf } from './heard.js';

/** Labels of recordings, best first; the probabilities of windows are averaged. */
export const audioClassification: ModelLoader = async (source) => {
  const [extractor, network] = await Promise.all([
    loadExtractor(source),
    source.network((library) => library.AutoModelForAudioClassification),
  ]);
  return {
    async run(inputs, options) {
      const { top_k: count, truncation } = parametersBy(taskParameters.audio_classification, options);
      return runEach(inputs, options, async (input, at) => {
        const heard = await hear(audioOf(input as AudioInput), extractor, truncation);
        tellOf(heard, at, options);
        const scores = await runParts(heard, extractor, options, async (tensors) =>
          scoresOf(floatData(outputNamed(await network(tensors), 'logits')), network.config),
        );
        return bestLabels(meanOfLists(scores), network.config, count ?? undefined);
      });
    },
    async dispose() {
      await network.dispose();
    },
  };
};
