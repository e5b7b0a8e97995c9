import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkFile } from '../../../../engine/hub/cache/check-file.js';
import { openHashRecord } from '../../../../system/hashing/index.js';
import { sha256OfText } from '../../../../system/hashing/sha256-of-text.js';
import { temporaryFolder } from '../../../helpers/activity.js';

const gitIdOf = (text: string): string => createHash('sha1').update(`blob ${text.length}\0${text}`).digest('hex');

it.each([
  ['git’s blob id', gitIdOf],
  ['the SHA-256', sha256OfText],
])('a remembered hash does not stand for %s that it was never held against', async (_, hash) => {
  const path = join(await temporaryFolder(), 'config.json');
  await writeFile(path, '{"a":9}');
  const hashes = await openHashRecord();
  await hashes.remember(path, sha256OfText('{"a":9}'));
  const check = (text: string) => checkFile({ path, size: 7, isBlob: false, etag: hash(text) }, hashes, {});
  expect(await check('{"a":1}')).toBeUndefined();
  expect(await check('{"a":9}')).toBe(sha256OfText('{"a":9}'));
});
