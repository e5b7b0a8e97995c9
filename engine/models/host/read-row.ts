import { ModelJobError, type JsonValue, type ModelSpec } from '../../../planner/index.js';
import { dataRow, type DataRow } from '../contract/data-row.js';
import { textOfMember } from '../contract/json-text.js';
import { notJson, type RowText } from '../contract/row-text.js';
import type { InputCheck } from '../tasks/index.js';
import type { EmbeddingsRequest } from '../tasks/openai-embeddings.js';
import { readOpenAiRow } from '../tasks/openai-row.js';
import { asModelJobError } from './errors.js';
import { lossyNumber, refuseLossy } from './lossy-number.js';
import type { ModelCall } from './messages.js';

/** How the rows of a call are read, and for which model. */
export interface RowReader extends Pick<ModelCall, 'named' | 'kept' | 'form'> {
  task: ModelSpec['task'];
  check: InputCheck;
  /** Whether the model is handed the inputs as they are written. */
  takesText: boolean;
}

/** A row of a call. */
export interface ReadRow {
  /** What the row calls itself. */
  customId?: string | undefined;
  /** What the model gets for it: one input, or those of a list; the error of a row that is bad. */
  inputs: readonly JsonValue[] | ModelJobError;
  /** The text of its one input, for a model that takes it. */
  text?: string | undefined;
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
    return { inputs: new ModelJobError('InvalidArgument', `${notJson}: ${reason}`) };
  }
  let customId: string | undefined;
  try {
    const row: DataRow = reader.named ? dataRow(value, reader.kept) : unnamed(value);
    const { input, member, method, url } = row;
    customId = row.customId;
    refuseLossyInput(text, member, reader);
    if (reader.form === 'openai') checkId(customId);
    const request = readOpenAiRow(reader.task, { method, url, body: input });
    if (request) return { customId, request, inputs: await checkTexts(request, reader) };
    const checked = await reader.check(input as JsonValue);
    const isAsItCame = reader.takesText && checked === input;
    return { customId, inputs: [checked], text: isAsItCame ? textOfMember(text, member) : undefined };
  } catch (error) {
    return { customId, inputs: asModelJobError(error) };
  }
}

/** A value of the request itself is the input as it is. */
function unnamed(input: JsonValue): DataRow {
  return { customId: undefined, input, member: undefined, method: undefined, url: undefined };
}

/** What is no part of the input is the caller's. */
function refuseLossyInput(text: string, member: string | undefined, { takesText }: RowReader): void {
  const which = { integers: !takesText };
  if (lossyNumber(text, which) !== undefined) refuseLossy(textOfMember(text, member), which);
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
