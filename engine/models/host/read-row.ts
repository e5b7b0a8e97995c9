import { ModelJobError, type JsonValue, type ModelSpec } from '../../../planner/index.js';
import { dataRow, type DataRow } from '../contract/data-row.js';
import { membersOf } from '../contract/json-members.js';
import type { RowText } from '../contract/row-text.js';
import type { InputCheck } from '../tasks/index.js';
import type { EmbeddingsRequest } from '../tasks/openai-embeddings.js';
import { readOpenAiRow } from '../tasks/openai-row.js';
import { asModelJobError } from './errors.js';
import { lossyNumber } from './lossy-number.js';
import type { ModelCall } from './messages.js';

/** How the rows of a call are read, and for which model. */
export interface RowReader extends Pick<ModelCall, 'named' | 'kept' | 'form'> {
  task: ModelSpec['task'];
  check: InputCheck;
}

/** A row of a call. */
export interface ReadRow {
  /** What the row calls itself. */
  customId?: string | undefined;
  /** What the model gets for it: one input, or those of a list; the error of a row that is bad. */
  inputs: readonly JsonValue[] | ModelJobError;
  /** What a line of an OpenAI batch file asks for. */
  request?: EmbeddingsRequest | undefined;
}

/** Reads a row and checks what it holds. */
export async function readRow(text: RowText, reader: RowReader): Promise<ReadRow> {
  if (typeof text !== 'string') return { customId: text.customId, inputs: new ModelJobError(text.code, text.message) };
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { inputs: new ModelJobError('InvalidArgument', `the row is not JSON: ${reason}`) };
  }
  let customId: string | undefined;
  try {
    const { input, ...row } = reader.named ? dataRow(value, reader.kept) : { input: value };
    const { customId: name, member, ...openAi } = row as Omit<DataRow, 'input'>;
    customId = name;
    refuseLossy(text, member);
    if (reader.form === 'openai') checkId(customId);
    const request = readOpenAiRow(reader.task, { ...openAi, body: input });
    const inputs = request ? await checkTexts(request, reader) : [await reader.check(input as JsonValue)];
    return { customId, request, inputs };
  } catch (error) {
    return { customId, inputs: asModelJobError(error) };
  }
}

/** A number that would reach the model as another one is the row's fault, not a guess of ours. */
function refuseLossy(text: string, member: string | undefined): void {
  if (lossyNumber(text) === undefined) return;
  const number = lossyNumber((member === undefined ? undefined : membersOf(text)?.get(member)) ?? text);
  if (number === undefined) return;
  const shown = number.length > 40 ? `${number.slice(0, 40)}…` : number;
  throw new ModelJobError('InvalidArgument', `the number ${shown} can't be held exactly: write it as a text`);
}

function checkTexts({ texts, isList }: EmbeddingsRequest, { check }: RowReader): Promise<JsonValue[]> {
  const checked = texts.map(async (text, at) => {
    try {
      return await check(text);
    } catch (error) {
      const { code, detail } = asModelJobError(error);
      throw new ModelJobError(code, `body.input${isList ? `[${at}]` : ''}: ${detail}`);
    }
  });
  return Promise.all(checked);
}

function checkId(customId: string | undefined): void {
  if (customId !== undefined) return;
  throw new ModelJobError('InvalidArgument', "custom_id: missing, and outputs in OpenAI's form are known by it");
}
