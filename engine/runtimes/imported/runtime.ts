import { ModelJobError, type JsonValue } from '../../../planner/index.js';
import type {
  InputRow,
  LoadedModel,
  LoadRequest,
  ModelOutput,
  ModelRuntime,
} from '../../models/contract/model-runtime.js';
import { JsonText, textOfMember } from '../../models/contract/json-text.js';
import { taskDefinition } from '../../models/tasks/index.js';
import { indexPredictions } from './index-predictions.js';
import { contradicts } from './prediction.js';
import type { PredictionsFile } from './predictions-file.js';
import { predictionSource } from './source.js';

/** Predictions that were made elsewhere, matched to the inputs. */
export const runtime: ModelRuntime = {
  async load(request) {
    return importedModel(await openPredictions(request, request.signal), request);
  },
};

async function openPredictions(request: LoadRequest, signal: AbortSignal): Promise<PredictionsFile> {
  const { output } = taskDefinition(request.spec.task);
  return indexPredictions(await predictionSource(request), { output, signal, log: request.log });
}

function importedModel(opened: PredictionsFile, request: LoadRequest): LoadedModel {
  let file = opened;
  let isTold = false;
  const tellIgnored = (names: readonly string[]): void => {
    if (names.length > 0 && !isTold) request.log(ignored(names));
    isTold = true;
  };
  const close = async (): Promise<void> => {
    if (file.unused > 0) {
      request.log(`${file.unused} of the ${file.predictions} predictions in \`${file.path}\` were not asked for`);
    }
    await file.close();
  };
  return {
    async run(inputs, { rows, signal, parameters }) {
      tellIgnored(Object.keys(parameters));
      if (!(await file.isCurrent())) {
        const there = await openPredictions(request, signal);
        if (there.sha256 !== file.sha256) {
          await there.close();
          throw changed(file.path);
        }
        await close();
        file = there;
      }
      signal.throwIfAborted();
      return Promise.all(inputs.map((input, at) => outputOf(file, input, rows?.[at])));
    },
    dispose: close,
  };
}

function ignored(names: readonly string[]): string {
  return `options.parameters: ${names.join(', ')}: not applied, predictions are given as they were made`;
}

/** One job has one file of predictions. */
function changed(path: string): ModelJobError {
  const message = `options.predictions: \`${path}\` has changed since the job began`;
  return new ModelJobError('IntegrityError', message, { retryable: false });
}

async function outputOf(file: PredictionsFile, input: JsonValue, row: InputRow | undefined): Promise<ModelOutput> {
  const found = await file.find(input, row);
  if (!found) return new ModelJobError('NotFound', `no prediction for ${named(row)} in \`${file.path}\``);
  const { line, text, prediction } = found;
  if (contradicts(prediction, input, row)) {
    return new ModelJobError(
      'InvalidArgument',
      `the prediction for ${named(row)}, line ${line} of \`${file.path}\`, was made for another input`,
    );
  }
  if (prediction.error) return new ModelJobError(prediction.error.code, prediction.error.message, { retryable: false });
  return prediction.output === undefined ? null : new JsonText(textOfMember(text, 'output'), prediction.output);
}

function named(row: InputRow | undefined): string {
  if (!row) return 'this input';
  return row.customId === undefined ? `input ${row.index}` : `input ${row.index} (custom_id \`${row.customId}\`)`;
}
