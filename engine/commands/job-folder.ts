import { join } from 'node:path';
import type { ModelAccessJobRequest } from '../../planner/index.js';
import { writeFileAtomic } from '../../system/files/atomic-write.js';
import { makeRealFolder } from '../../system/files/real-folder.js';
import { openRunFolder } from '../workspace/run-folder.js';
import type { JobWork } from '../workspace/work.js';

const ownFolder = '.job';

/** Whether the worker writes a path of a run's folder, relative to it: those are never a program's outputs. */
export function isWorkersFile(path: string): boolean {
  const first = path.split('/').find((part) => part !== '' && part !== '.') ?? '';
  return first === ownFolder || /^(?:output\.json|files\.json|std(?:out|err)(?:\.\d+)?\.log)$/.test(first);
}

/** Where a command's job is at home on this worker. All paths are absolute; retries share them. */
export interface JobFolder {
  /** The run's folder: the program runs there, unless the request names another, and the worker keeps its logs there. */
  run: string;
  /** What is for the worker and the program alone. */
  own: string;
  /** The request, as JSON. */
  request: string;
  /** What the program may write, to go on from when it runs again. */
  checkpoint: string;
}

/** The folder of a job's run, made where it is not there. */
export async function openJobFolder(home: string, request: ModelAccessJobRequest, job: JobWork): Promise<JobFolder> {
  const run = await openRunFolder(home, job);
  const own = join(run, ownFolder);
  const folder = { run, own, request: join(own, 'request.json'), checkpoint: join(own, 'checkpoint') };
  await makeRealFolder(own);
  await writeFileAtomic(folder.request, `${JSON.stringify(request)}\n`);
  return folder;
}
