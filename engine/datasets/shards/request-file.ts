import { ModelJobError, parseModelAccessJobRequest, type ModelAccessJobRequest } from '../../../planner/index.js';
import { openFolder } from '../../storage/index.js';

/** The request of a batch, in its folder: the steps after the plan come without its inputs. */
const requestName = 'request.json';

/** Keeps a batch's request, placeholders filled. */
export async function writeRequest(folder: string, request: ModelAccessJobRequest, signal: AbortSignal): Promise<void> {
  await openFolder(folder).write(requestName, [Buffer.from(`${JSON.stringify(request)}\n`)], signal);
}

/** A batch's request with its inputs; undefined in a batch that an earlier version planned. */
export async function readRequest(folder: string, signal: AbortSignal): Promise<ModelAccessJobRequest | undefined> {
  const pieces: Buffer[] = [];
  try {
    for await (const piece of openFolder(folder).read(requestName, { signal })) pieces.push(piece);
    return parseModelAccessJobRequest(JSON.parse(Buffer.concat(pieces).toString()));
  } catch (error) {
    if (error instanceof ModelJobError && error.code === 'NotFound') return undefined;
    if (error instanceof ModelJobError && error.retryable) throw error;
    signal.throwIfAborted();
    throw new ModelJobError('IntegrityError', `\`${folder}/${requestName}\` is no request`, { cause: error });
  }
}
