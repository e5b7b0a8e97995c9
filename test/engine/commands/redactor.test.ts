import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../../engine/commands/redactor.js';

const redactor = createRedactor([
  { name: 'A', value: 'ab"céd' },
  { name: 'B', value: 'aaaaaab' },
]);

describe('what people read of a program that was given secrets', () => {
  it('has their names, however they are written', () => {
    const forms = ['ab"céd', 'ab\\"céd', encodeURIComponent('ab"céd'), Buffer.from('ab"céd').toString('base64')];
    expect(redactor.text(forms.join(' é '))).toBe(
      forms.map((form) => `[secret A]${/=*$/.exec(form)?.[0]}`).join(' é '),
    );
    expect(redactor.text('nothing to hide')).toBe('nothing to hide');
  });

  it.each([1, 2, 3, 7, 100])('has none of them in a stream that is cut every %i bytes', async (size) => {
    const all = Buffer.from('x aaaaaaaaaab ab"c ab"céd aaaaa é\n'.repeat(3));
    const chunks = Array.from({ length: Math.ceil(all.length / size) }, (_, at) =>
      all.subarray(at * size, (at + 1) * size),
    );
    const read = await buffer(Readable.from(chunks).pipe(redactor.stream()));
    expect(read.toString()).toBe('x aaaa[secret B] ab"c [secret A] aaaaa é\n'.repeat(3));
  });
});
