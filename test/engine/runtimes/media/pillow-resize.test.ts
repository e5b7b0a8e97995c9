import { describe, expect, it } from 'vitest';
import { filterNames } from '../../../../engine/runtimes/media/pillow-filters.js';
import { pillowResize } from '../../../../engine/runtimes/media/pillow-resize.js';
import reference from '../../../fixtures/references/image/resize.json' with { type: 'json' };
import { pictureOf } from '../../../helpers/picture-references.js';

describe('a picture in another size', () => {
  it.each(filterNames.map((name, number) => ({ name, number })))(
    'is to the byte what Pillow makes by $name',
    ({ number }) => {
      const cases = reference.cases.filter(({ filter }) => filter === number);
      expect(cases.length).toBe(15);
      for (const { picture, resized } of cases) {
        const wanted = pictureOf(resized);
        const { width, height } = wanted;
        const found = pillowResize(pictureOf(reference.pictures[picture]!), width, height, filterNames[number]!);
        expect(found).toMatchObject({ width, height });
        expect(Buffer.from(found.data).equals(Buffer.from(wanted.data)), `${picture} to ${width} × ${height}`).toBe(
          true,
        );
      }
    },
  );
});
