import { describe, expect, it } from 'vitest';
import { dataRow } from '../../../../engine/models/contract/data-row.js';

describe('the input of a row', () => {
  it('is the whole object where others stand beside `input`, and no custom_id', () => {
    const row = { instruction: 'Translate to French', input: 'cheese', output: 'fromage' };
    expect(dataRow(row)).toEqual({ input: row });
  });

  it('is `input` alone in an envelope', () => {
    expect(dataRow({ input: 'x' })).toEqual({ input: 'x', member: 'input' });
    expect(dataRow({ custom_id: 'a', input: 'x', lang: 'de' })).toEqual({ customId: 'a', input: 'x', member: 'input' });
    expect(dataRow({ custom_id: null, input: 'x' })).toEqual({ input: 'x', member: 'input' });
  });

  it('is `input` where all else is kept beside the output', () => {
    const row = { id: 7, input: 'x', lang: 'de' };
    expect(dataRow(row, ['id', 'lang'])).toEqual({ input: 'x', member: 'input' });
    expect(dataRow(row, ['id'])).toEqual({ input: row });
  });

  it('has a name that is a text, or none', () => {
    expect(() => dataRow({ custom_id: 7, input: 'x' })).toThrow('custom_id: expected a text, received 7');
  });
});
