import { randomBytes } from 'node:crypto';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { ModelIdentity } from '../../planner/index.js';
import { writeFileAtomic } from '../../system/files/atomic-write.js';
import { isLocked, withFileLock } from '../../system/files/file-lock.js';
import { jobFolderName } from '../workspace/layout.js';
import type { JobWork } from '../workspace/work.js';
import { modelFolders } from './model-folder.js';

/** A job of several steps that nobody heard of for so long is taken for gone, in milliseconds. */
const forgottenMs = 30 * 24 * 3600 * 1000;

const jobSchema = z.object({ jobId: z.string() });

/**
 * Runs work that needs a model's files. A lock in the model's folder tells all hosts that share it, for as long as this
 * process lives.
 */
export async function holdModel<T>(home: string, digest: string, work: JobWork, run: () => Promise<T>): Promise<T> {
  const users = join(modelFolders(home), digest, 'users');
  const lock = join(users, `${jobFolderName(work.jobId)}.${randomBytes(4).toString('hex')}.lock`);
  const outcome: { value?: T } = {};
  await withFileLock(
    lock,
    work.signal,
    () => Promise.resolve(false),
    async () => {
      outcome.value = await run();
    },
  );
  return outcome.value as T;
}

/** Notes that a job of several steps needs a model between its steps too; a model without files needs no note. */
export async function noteJob(home: string, model: ModelIdentity, jobId: string): Promise<void> {
  const path = notePath(home, model, jobId);
  if (path) await writeFileAtomic(path, `${JSON.stringify({ jobId })}\n`, { flush: false });
}

/** Notes that such a job has ended. */
export async function forgetJob(home: string, model: ModelIdentity, jobId: string): Promise<void> {
  const path = notePath(home, model, jobId);
  if (path) await rm(path, { force: true });
}

/** The jobs that need a model now, each once. */
export async function usersOf(folder: string): Promise<string[]> {
  const users = join(folder, 'users');
  const names = await readdir(users).catch(() => []);
  const found = await Promise.all(
    names.map(async (name) => {
      const path = join(users, name);
      if (name.endsWith('.job')) return isForgotten(path).then((gone) => (gone ? [] : readJob(path)));
      return name.endsWith('.lock') && (await isLocked(path))
        ? [basename(name).replace(/\.[0-9a-f]{8}\.lock$/, '')]
        : [];
    }),
  );
  return [...new Set(found.flat())].sort();
}

/** When a job last came to use a model, or else when it was made, in milliseconds since 1970. */
export async function lastUse(folder: string): Promise<number> {
  const times = await Promise.all(
    ['users', 'files.json'].map((name) =>
      stat(join(folder, name)).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      ),
    ),
  );
  return Math.max(...times);
}

function notePath(home: string, { digest, version }: ModelIdentity, jobId: string): string | undefined {
  if (digest === null || version !== null) return undefined;
  return join(modelFolders(home), digest, 'users', `${jobFolderName(jobId)}.job`);
}

async function readJob(path: string): Promise<string[]> {
  try {
    return [jobSchema.parse(JSON.parse(await readFile(path, 'utf8'))).jobId];
  } catch {
    return [];
  }
}

async function isForgotten(path: string): Promise<boolean> {
  return stat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs > forgottenMs,
    () => true,
  );
}
