import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { startHub, type Hub, type HubOptions } from '../../demo/hub/index.js';

/** The repo that the tests serve. */
export const repo = 'demo/tiny';

/** Large enough for several chunks, and no byte like its neighbours. */
export const weights = pseudoRandom(700_000);

/** What the repo holds; names that are awkward in URLs are meant to be. */
export const files: Record<string, Uint8Array> = {
  '.gitattributes': Buffer.from('*.onnx filter=lfs diff=lfs merge=lfs -text\n'),
  'config.json': Buffer.from('{"model_type":"distilbert"}\n'),
  'empty.txt': Buffer.from(''),
  'onnx/model.onnx': weights,
  'sub folder/100% sure #1?.txt': Buffer.from('percent\n'),
  'sub folder/deep/er/note.txt': Buffer.from('deep\n'),
  'sub folder/übersicht.txt': Buffer.from('unicode\n'),
};

/** SHA-256 of the weights, which are kept in LFS. */
export const lfsOid = createHash('sha256').update(weights).digest('hex');

/** A hub with that repo, or with what `options` say, until the end of the test. */
export async function hubWith(options: Partial<HubOptions> = {}): Promise<Hub> {
  const hub = await startHub({ repos: { [repo]: { folder: await folderOf(files) } }, ...options });
  onTestFinished(() => hub.close());
  return hub;
}

/** A temporary folder with these files, until the end of the test. */
export async function folderOf(contents: Record<string, Uint8Array | string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hub-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [path, content] of Object.entries(contents)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}

/** The bytes of an answer. */
export async function bytesOf(answer: Response | Blob): Promise<Buffer> {
  return Buffer.from(await answer.arrayBuffer());
}

/** What a network failure is called: a code such as `ECONNRESET`, or a name such as `TimeoutError`. */
export async function failureOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => new Error('no failure'),
    (reason: unknown) => reason,
  );
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) {
    return String(cause);
  }
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name;
}

function pseudoRandom(length: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, index) =>
    createHash('sha256').update(String(index)).digest(),
  );
  return Buffer.concat(blocks).subarray(0, length);
}
