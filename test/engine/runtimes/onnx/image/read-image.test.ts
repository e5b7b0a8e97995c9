import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readImage } from '../../../../../engine/runtimes/onnx/image/read-image.js';
import reference from '../../../../fixtures/references/image/decode.json' with { type: 'json' };
import { temporaryFolder } from '../../../../helpers/activity.js';
import { pictureOf } from '../../../../helpers/picture-references.js';

it.each(reference.cases)('an image with $name is read as Pillow reads it', async ({ file, picture }) => {
  const path = join(await temporaryFolder(), 'picture');
  await writeFile(path, Buffer.from(file, 'base64'));
  expect(await readImage(path)).toEqual(pictureOf(picture));
});
