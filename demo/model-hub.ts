import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startHub, type Hub } from './hub/index.js';

/** The demo's own model, committed beside this room. */
export const modelRepo = 'demo/afinn-sentiment';

/** A repository of one large file, for the job that is cancelled. */
export const largeRepo = 'demo/large';

const modelFolder = fileURLToPath(new URL('../../demo/model/afinn-sentiment', import.meta.url));

/** Slow enough for a progress bar to be seen. */
const bytesPerSecond = 400_000;

/** Starts a loopback hub with the demo's repositories. */
export async function startModelHub(home: string): Promise<Hub> {
  const largeFolder = join(home, 'large-repo');
  await mkdir(largeFolder, { recursive: true });
  const file = await open(join(largeFolder, 'weights.bin'), 'w');
  await file.truncate(32 * 1024 * 1024);
  await file.close();
  return startHub({
    repos: { [modelRepo]: { folder: modelFolder }, [largeRepo]: { folder: largeFolder } },
    bytesPerSecond,
  });
}
