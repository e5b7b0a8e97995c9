import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { boundOf } from '../../../../bench/parity/bounds.js';
import { measureReference, readReference } from '../../../../bench/parity/task-reference.js';

const references = fileURLToPath(new URL('../../../fixtures/references/', import.meta.url));
const folder = join(references, 'tasks');
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

describe('a model of a real architecture answers as in transformers’ pipeline', () => {
  it.each(files)('%s', async (file) => {
    const reference = await readReference(join(folder, file));
    const differences = await measureReference(reference, folder, references);
    expect(differences.length).toBeGreaterThan(2);
    expect(Math.max(...differences)).toBeLessThanOrEqual(boundOf(reference.task));
  });

  it('for every task of images, recordings or writing', () => {
    expect(files.length).toBe(12);
  });
});
