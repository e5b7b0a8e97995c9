import { ModelJobError } from '../../../../planner/index.js';
import { audioOf, type AudioInput } from '../../../models/tasks/audio.js';
import { taskParameters } from '../../../models/tasks/parameters/index.js';
import { readAudio } from '../../media/read-audio.js';
import { runEach } from '../each-input.js';
import { comparableData } from '../float-data.js';
import type { Processor, Tensor } from '../library.js';
import type { ModelLoader } from '../model-source.js';
import { outputNamed } from '../outputs.js';
import { parametersBy } from '../parameters.js';
import { ctcLettersOf, readCtc } from './ctc-letters.js';
import { samplingRate } from './sampling-rate.js';

/** What is said in recordings, by a network that hears letters step by step (wav2vec 2.0, HuBERT, WavLM, …). */
export const ctcRecognition: ModelLoader = async (source) => {
  const { AutoFeatureExtractor, AutoModelForCTC } = source.library;
  const folder = source.bundle.filesDirectory;
  const [extract, network, letters] = await Promise.all([
    AutoFeatureExtractor.from_pretrained(folder, { local_files_only: true }) as unknown as Promise<Processor>,
    source.network(() => AutoModelForCTC),
    ctcLettersOf(folder),
  ]);
  const rate = samplingRate({ feature_extractor: extract } as unknown as Processor);
  return {
    async run(inputs, options) {
      refuseParameters(parametersBy(taskParameters.speech_recognition, options));
      return runEach(inputs, options, async (input) => {
        const outputs = await network(await extract(await readAudio(audioOf(input as AudioInput), rate)));
        return { text: readCtc(likeliest(outputNamed(outputs, 'logits')), letters) };
      });
    },
    async dispose() {
      await network.dispose();
    },
  };
};

/**
 * A network that hears letters has no language, no windows and writes nothing of its own.
 *
 * @throws ModelJobError `InvalidArgument` for a parameter that would be ignored
 */
export function refuseParameters(parameters: Readonly<Record<string, unknown>>): void {
  const [name] = Object.keys(parameters).filter((key) => parameters[key] !== undefined && parameters[key] !== false);
  if (name === undefined) return;
  const path = `options.parameters.${name}`;
  const message = 'a CTC model takes no parameters';
  throw new ModelJobError('InvalidArgument', `${path}: ${message}`, { problems: [{ path, message }] });
}

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
