import { Tensor, type InferenceSession } from 'onnxruntime-node';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ModelJobError, type JsonValue } from '../../../../planner/index.js';
import type { LoadedModel, LocalBundle } from '../../../models/contract/model-runtime.js';
import { audioOf, type AudioInput } from '../../../models/tasks/audio.js';
import { taskParameters } from '../../../models/tasks/parameters/index.js';
import { readAudio } from '../../media/read-audio.js';
import { runEach } from '../each-input.js';
import { comparableData } from '../float-data.js';
import { onlyGraphOf } from '../graph/only-graph.js';
import type { PlacedRequest } from '../device/provider.js';
import { openSession } from '../graph/session.js';
import { outputNamed } from '../outputs.js';
import { parametersBy } from '../parameters.js';
import { speechSpans, type SpanRules } from './speech-spans.js';

/** Samples a second, in one window, and of the window before that the model sees again. */
const rate = 16_000;
const window = 512;
const context = 64;

/** The model's memory between windows: `[2, 1, 128]`. */
const stateDims = [2, 1, 128];

/** Windows between two looks at whether the job was cancelled. */
const windowsAtOnce = 500;

/** A silence of this length may part a stretch that is too long, in milliseconds. */
const silenceAtMaxMs = 98;

/** Where somebody speaks in recordings, by silero-vad: `[{label: "speech", start, end}]`, in seconds. */
export async function loadVoiceActivity(request: PlacedRequest, bundle: LocalBundle): Promise<LoadedModel> {
  const network = await openSession(join(bundle.filesDirectory, await onlyGraphOf(bundle)), request);
  checkInputs(network);
  return {
    async run(inputs, options) {
      const rules = rulesOf(options.parameters);
      return runEach(inputs, options, async (input) => {
        const samples = await readAudio(audioOf(input as AudioInput), rate);
        const probabilities = await probabilitiesOf(samples, network, options.signal);
        return speechSpans(probabilities, window, samples.length, rules).map(asEvent);
      });
    },
    dispose: () => network.release(),
  };
}

/** @throws ModelJobError `InvalidArgument` for another model */
function checkInputs({ inputNames }: InferenceSession): void {
  if (['input', 'state'].every((name) => inputNames.includes(name))) return;
  throw new ModelJobError(
    'InvalidArgument',
    `audio_event_detection is served for silero-vad (inputs input, state, sr), not for a model of ${inputNames.join(', ')}`,
  );
}

/** A request's parameters in samples. */
export function rulesOf(options: Readonly<Record<string, JsonValue>>): SpanRules {
  const given = parametersBy(taskParameters.audio_event_detection, { parameters: options });
  const samples = (ms: number): number => (rate * ms) / 1000;
  const pad = samples(given.speech_pad_ms);
  return {
    threshold: given.threshold,
    negThreshold: given.neg_threshold ?? Math.max(given.threshold - 0.15, 0.01),
    minSpeech: samples(given.min_speech_duration_ms),
    maxSpeech: rate * (given.max_speech_duration_s ?? Infinity) - window - 2 * pad,
    minSilence: samples(given.min_silence_duration_ms),
    minSilenceAtMax: samples(silenceAtMaxMs),
    pad,
  };
}

/**
 * How likely each window holds speech; the last one is filled up with silence.
 *
 * @throws ModelJobError `Failed` where the network gives no number
 */
export async function probabilitiesOf(
  samples: Float32Array,
  network: InferenceSession,
  signal: AbortSignal,
): Promise<Float32Array> {
  const probabilities = new Float32Array(Math.ceil(samples.length / window));
  const [output = '', nextState = ''] = network.outputNames;
  const padded = new Float32Array(context + probabilities.length * window);
  padded.set(samples, context);
  const sr: Record<string, Tensor> = network.inputNames.includes('sr')
    ? { sr: new Tensor('int64', [BigInt(rate)], []) }
    : {};
  let state: Tensor = new Tensor('float32', new Float32Array(2 * 128), stateDims);
  for (let at = 0; at < probabilities.length; at++) {
    if (at % windowsAtOnce === windowsAtOnce - 1) await nextTurn();
    signal.throwIfAborted();
    const seen = padded.slice(at * window, (at + 1) * window + context);
    const input = new Tensor('float32', seen, [1, window + context]);
    const outputs = await network.run({ input, state, ...sr });
    probabilities[at] = comparableData(outputNamed(outputs, output))[0] ?? NaN;
    state = outputs[nextState] as Tensor;
  }
  return probabilities;
}

function asEvent({ start, end }: { start: number; end: number }): JsonValue {
  return { label: 'speech', start: start / rate, end: end / rate };
}
