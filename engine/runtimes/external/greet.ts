import type { LoadRequest } from '../../models/contract/model-runtime.js';
import type { Conversation } from './conversation.js';
import { helloFor, noteText, protocol, type Ready } from './protocol.js';
import { abortOf, timeLimit } from './waits.js';

export interface GreetOptions {
  /** As the request names it, for messages. */
  command: string;
  /** How long the program may take to be ready. */
  timeoutSeconds: number;
  signal: AbortSignal;
}

/**
 * Says hello and waits until the program is ready. One that fails is ended.
 *
 * @throws ModelLost for one that ends or hangs; ModelJobError `Failed`; the signal's reason when cancelled
 */
export async function greet(conversation: Conversation, request: LoadRequest, options: GreetOptions): Promise<void> {
  const { command, timeoutSeconds, signal } = options;
  const limit = timeLimit(timeoutSeconds * 1000);
  const interrupted = abortOf(AbortSignal.any([signal, limit.signal]));
  try {
    conversation.send(helloFor(request));
    const ready = await Promise.race([readyOf(conversation, options, request.log), interrupted.promise]);
    request.log(`${command}: ready${ready.name == null ? '' : `, ${ready.name}`}`);
  } catch (error) {
    const late = limit.signal.aborted && !signal.aborted;
    await conversation.end('kill');
    signal.throwIfAborted();
    if (!late) throw error;
    throw conversation.lost('TimedOut', `was not ready after ${timeoutSeconds} s, and was stopped`);
  } finally {
    limit.stop();
    interrupted.forget();
  }
}

async function readyOf(
  conversation: Conversation,
  { command }: GreetOptions,
  log: (line: string) => void,
): Promise<Ready> {
  for (;;) {
    const line = await conversation.next();
    if ('id' in line) throw conversation.failed(`answered before it said that it is ready`);
    if (line.type !== 'ready') {
      log(`${command}: ${noteText(line)}`);
      continue;
    }
    const version = line.version ?? protocol.version;
    if (version === protocol.version) return line;
    throw conversation.failed(
      `speaks version ${version} of the protocol; this worker speaks version ${protocol.version}`,
    );
  }
}
