import { rename, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { watchInputs } from '../../../engine/inference/watch-inputs.js';
import { createPathGuard } from '../../../engine/workspace/paths.js';
import { temporaryFolder } from '../../helpers/activity.js';
import { modelBox, runtimeFixture } from '../../helpers/model.js';

/** A PNG of one pixel. */
const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

describe('an input file', () => {
  it('may stay as it is; its bytes or what its name leads to may not change', async () => {
    const folder = await temporaryFolder();
    const at = (name: string) => join(folder, name);
    await writeFile(at('a.txt'), 'good');
    await writeFile(at('b.txt'), 'good');
    await symlink('a.txt', at('current.txt'));
    const paths = createPathGuard([folder]);
    const watch = (name: string) => watchInputs([{ kind: 'localPath', value: at(name) }], paths);
    const [a, current, kept] = [await watch('a.txt'), await watch('current.txt'), await watch('b.txt')];
    await Promise.all([a(), current()]);
    await symlink('b.txt', at('next.txt'));
    await rename(at('next.txt'), at('current.txt'));
    await expect(current()).rejects.toThrow(/an input file changed while it was read: `.*a\.txt`/);
    await writeFile(at('a.txt'), 'evil');
    await utimes(at('a.txt'), 0, 0);
    await expect(a()).rejects.toMatchObject({ code: 'IntegrityError' });
    await expect(a((location) => location.endsWith('.png'))).resolves.toBeUndefined();
    await expect(kept()).resolves.toBeUndefined();
  });

  it('that changes while the model reads it fails the inference, by its name', async () => {
    const box = await modelBox('model', { modules: { overwriting: runtimeFixture('overwriting') } });
    const picture = join(box.folder, 'cat.png');
    await writeFile(picture, pixel);
    const request = box.request('Inference', {
      backend: { custom: 'overwriting' },
      inputs: [{ kind: 'localPath', value: picture }],
    });
    const spec = { ...request.spec, task: 'image_classification' as const };
    await expect(box.run(box.activities.runInference, { ...request, spec })).rejects.toMatchObject({
      type: 'IntegrityError',
      message: expect.stringContaining('cat.png') as string,
    });
  });
});
