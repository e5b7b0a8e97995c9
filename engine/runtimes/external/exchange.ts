import type { JsonValue } from '../../../planner/index.js';
import { JsonText } from '../../models/contract/json-text.js';
import { ModelLost } from '../../models/contract/model-lost.js';
import type { ModelOutput, RunOptions } from '../../models/contract/model-runtime.js';
import { fileInFolder, kindOfMediaType, mediaTypeOf } from '../../workspace/output-files.js';
import type { Conversation } from './conversation.js';
import { inputErrorOf, noteText, type Answer, type ProgramLine } from './protocol.js';
import { abortOf, timeLimit } from './waits.js';

/** How long a program may take to answer `cancel` before it is ended, in milliseconds. */
const cancelMs = 700;

export interface ExchangeOptions extends RunOptions {
  /** As the request names it, for messages. */
  command: string;
  /** How long the program may take for an input: from one answer to the next. */
  timeoutSeconds: number;
  log: (line: string) => void;
  /** The id of the next input. */
  nextId: () => number;
}

/**
 * Hands all inputs of a call to the program, and collects its answers in any order. When it ends or hangs, the inputs
 * without an answer are lost with it.
 *
 * @throws ModelJobError `Failed` when the program broke the protocol; the signal's reason when cancelled
 */
export async function exchange(
  conversation: Conversation,
  inputs: readonly JsonValue[],
  options: ExchangeOptions,
): Promise<ModelOutput[]> {
  const { parameters, folder, signal } = options;
  const outputs = new Array<ModelOutput>(inputs.length);
  const waiting = new Map<number, number>();
  for (const [index, input] of inputs.entries()) {
    const id = options.nextId();
    waiting.set(id, index);
    const text = new JsonText(options.rows?.[index]?.text ?? JSON.stringify(input), input);
    conversation.send({ type: 'run', id, input: text, parameters, folder });
  }
  const limit = timeLimit(options.timeoutSeconds * 1000);
  const interrupted = abortOf(AbortSignal.any([signal, limit.signal]));
  let pending: Promise<ProgramLine> | undefined;
  try {
    while (waiting.size > 0) {
      pending = conversation.next();
      const line = await Promise.race([pending, interrupted.promise]);
      const answer = answerTo(conversation, line, waiting, options);
      if (!answer) continue;
      limit.restart();
      outputs[answer.index] = await outputOf(conversation, answer.line, options);
      waiting.delete(answer.line.id);
    }
    return outputs;
  } catch (error) {
    const late = limit.signal.aborted;
    if (signal.aborted) await cancel(conversation, pending, waiting);
    else await conversation.end('kill');
    signal.throwIfAborted();
    const silent = `gave no answer for ${options.timeoutSeconds} s with ${countOf(waiting.size)} waiting, and was stopped`;
    const lost = late ? conversation.lost('TimedOut', silent) : error;
    if (!(lost instanceof ModelLost)) throw error;
    for (const index of waiting.values()) outputs[index] = lost;
    return outputs;
  } finally {
    limit.stop();
    interrupted.forget();
  }
}

function countOf(inputs: number): string {
  return inputs === 1 ? 'one input' : `${inputs} inputs`;
}

/** The answer in a line; undefined for a message on the way. */
function answerTo(
  conversation: Conversation,
  line: ProgramLine,
  waiting: ReadonlyMap<number, number>,
  { command, log }: ExchangeOptions,
): { line: Answer; index: number } | undefined {
  if (!('id' in line)) {
    if (line.type !== 'ready') log(`${command}: ${noteText(line)}`);
    return undefined;
  }
  const index = waiting.get(line.id);
  if (index !== undefined) return { line, index };
  throw conversation.failed(`answered id ${line.id}, which it was not asked or has answered before`);
}

/** @throws ModelJobError for a file that is not in the folder */
async function outputOf(
  conversation: Conversation,
  answer: Answer,
  { folder, addFile }: ExchangeOptions,
): Promise<ModelOutput> {
  if (answer.error) return inputErrorOf(answer.error);
  for (const { path, mediaType } of answer.files ?? []) {
    const file = await fileInFolder(folder, path);
    if (file === undefined)
      throw conversation.failed(`named the file \`${path}\`, which is not in the folder that it was given`);
    const type = mediaType ?? mediaTypeOf(file);
    addFile({ path: file, kind: kindOfMediaType(type), mediaType: type });
  }
  return new JsonText(answer.outputText ?? 'null', answer.output as JsonValue);
}

/** Asks the program to drop the inputs that wait; one that does not do so in time is ended. */
async function cancel(
  conversation: Conversation,
  pending: Promise<ProgramLine> | undefined,
  waiting: Map<number, number>,
): Promise<void> {
  conversation.send({ type: 'cancel' });
  const limit = timeLimit(cancelMs);
  const interrupted = abortOf(limit.signal);
  try {
    let line = pending;
    while (waiting.size > 0) {
      const said = await Promise.race([line ?? conversation.next(), interrupted.promise]);
      line = undefined;
      if ('id' in said) waiting.delete(said.id);
    }
  } catch {
    await conversation.end('kill');
  } finally {
    limit.stop();
    interrupted.forget();
  }
}
