import { audioOf, type AudioInput } from '../../../models/tasks/audio.js';
import { taskParameters } from '../../../models/tasks/parameters/index.js';
import { runEach } from '../each-input.js';
import { floatData } from '../float-data.js';
import type { Tensors } from '../library.js';
import type { ModelLoader } from '../model-source.js';
import { meanOfVectors, normalize as toUnitLength } from '../numbers.js';
import { matrixAmong, outputNamed } from '../outputs.js';
import { parametersBy } from '../parameters.js';
import { meanOfRows } from '../pooling.js';
import { loadExtractor } from './extractor/load-extractor.js';
import { hear, runParts, tellOf } from './heard.js';

/** Vectors of recordings: the model's own, or the mean of those of its frames. */
export const audioEmbedding: ModelLoader = async (source) => {
  const clap = (await source.config()).model_type === 'clap';
  const [extractor, network] = await Promise.all([
    loadExtractor(source),
    source.network((library) => (clap ? library.ClapAudioModelWithProjection : library.AutoModel)),
  ]);
  return {
    async run(inputs, options) {
      const { normalize, truncation } = parametersBy(taskParameters.audio_embedding, options);
      return runEach(inputs, options, async (input, at) => {
        const heard = await hear(audioOf(input as AudioInput), extractor, truncation);
        tellOf(heard, at, options);
        const vectors = await runParts(heard, extractor, options, async (tensors) => vectorOf(await network(tensors)));
        const vector = meanOfVectors(vectors);
        return normalize ? toUnitLength(vector) : vector;
      });
    },
    async dispose() {
      await network.dispose();
    },
  };
};

function vectorOf(outputs: Tensors): Float32Array {
  const own = matrixAmong(outputs, ['audio_embeds', 'embeddings']);
  if (own) return floatData(own).slice();
  const frames = outputNamed(outputs, 'last_hidden_state');
  const [, count = 1, size] = frames.dims;
  const data = floatData(frames);
  return size === undefined ? data.slice() : meanOfRows(data, count, size);
}
