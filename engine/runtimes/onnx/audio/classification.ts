import { audioOf, type AudioInput } from '../../../models/tasks/audio.js';
import { taskParameters } from '../../../models/tasks/parameters/index.js';
import { bestLabels, scoresOf } from '../classification.js';
import { runEach } from '../each-input.js';
import { floatData } from '../float-data.js';
import type { ModelLoader } from '../model-source.js';
import { outputNamed } from '../outputs.js';
import { parametersBy } from '../parameters.js';
import { readAudio } from '../../media/read-audio.js';
import { samplingRate } from './sampling-rate.js';

/** Labels of recordings, best first. */
export const audioClassification: ModelLoader = async (source) => {
  const [processor, network] = await Promise.all([
    source.processor(),
    source.network((library) => library.AutoModelForAudioClassification),
  ]);
  const rate = samplingRate(processor);
  return {
    async run(inputs, options) {
      const { top_k: count } = parametersBy(taskParameters.audio_classification, options);
      return runEach(inputs, options, async (input) => {
        const outputs = await network(await processor(await readAudio(audioOf(input as AudioInput), rate)));
        const scores = scoresOf(floatData(outputNamed(outputs, 'logits')), network.config);
        return bestLabels(scores, network.config, count ?? undefined);
      });
    },
    async dispose() {
      await network.dispose();
    },
  };
};
