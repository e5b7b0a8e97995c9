import { z } from 'zod';
import {
  fallbackFactsSchema,
  modelIdentitySchema,
  ModelJobError,
  type ModelAccessJobRequest,
} from '../../../planner/index.js';
import type { InferenceDeps } from '../../inference/deps.js';
import { findModel, type PinnedModel } from '../../inference/pin-model.js';
import { modelFacts, useModel } from '../../inference/use-model.js';
import { openFolder } from '../../storage/index.js';
import type { JobWork } from '../../workspace/work.js';

/** The model of a batch, in its folder: for a later attempt at the plan, and for a retry of its failed rows. */
const modelName = 'model.json';

const schema = z.object({ model: modelIdentitySchema(), fallback: z.exactOptional(fallbackFactsSchema()) });

/** Where the models of a batch, and of the batch that it completes, are written down. */
export interface ModelFolders {
  folder: string;
  base: string | undefined;
}

/**
 * Pins the model of a batch, once for each run: that of the batch that it completes, else the request's own. Where the
 * request lets another stand in, the model is loaded to see whether it must.
 *
 * @throws ModelJobError as {@link useModel}
 */
export async function pinBatchModel(
  deps: InferenceDeps,
  request: ModelAccessJobRequest,
  { folder, base }: ModelFolders,
  work: JobWork,
): Promise<PinnedModel> {
  const known = await readModel(folder, work.signal);
  if (known) return known;
  const earlier = base === undefined ? undefined : await readModel(base, work.signal);
  const pinned = earlier ?? (await findOut(deps, request, work));
  await openFolder(folder).write(modelName, [Buffer.from(`${JSON.stringify(pinned)}\n`)], work.signal);
  return pinned;
}

async function findOut(deps: InferenceDeps, request: ModelAccessJobRequest, work: JobWork): Promise<PinnedModel> {
  const policy = request.options?.fallback;
  if (policy && policy !== 'error') return useModel(deps, request, work, (use) => Promise.resolve(modelFacts(use)));
  return findModel(deps, request, work, async (model) => {
    await deps.bundleUsers.keep(model, work.jobId);
    return { model };
  });
}

/** Undefined in a batch of an earlier version, which pinned none. */
async function readModel(folder: string, signal: AbortSignal): Promise<PinnedModel | undefined> {
  const pieces: Buffer[] = [];
  try {
    for await (const piece of openFolder(folder).read(modelName, { signal })) pieces.push(piece);
    return schema.parse(JSON.parse(Buffer.concat(pieces).toString()));
  } catch (error) {
    if (error instanceof ModelJobError && error.code === 'NotFound') return undefined;
    if (error instanceof ModelJobError && error.retryable) throw error;
    signal.throwIfAborted();
    throw new ModelJobError('IntegrityError', `\`${folder}/${modelName}\` names no model`, { cause: error });
  }
}
