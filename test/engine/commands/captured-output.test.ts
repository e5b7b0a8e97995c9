import { readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { captureOutput, maxInlineOutput } from '../../../engine/commands/captured-output.js';
import { openLogFiles } from '../../../engine/commands/log-files.js';
import { OutputTail } from '../../../engine/commands/output-tail.js';
import { temporaryFolder } from '../../helpers/activity.js';

describe('the end of an output', () => {
  it('is all of it where there is no more', () => {
    expect(tailOf(['a', 'ö'], 8)).toEqual({ text: 'aö', isCut: false });
    expect(tailOf(['12345678'], 8)).toEqual({ text: '12345678', isCut: false });
  });

  it.each([
    [['1234', '5678', '9'], '23456789'],
    [['123456789abcdef'], '89abcdef'],
    [['1', '234567', '89abc'], '56789abc'],
  ])('is the last bytes of %j', (chunks, text) => {
    expect(tailOf(chunks, 8)).toEqual({ text, isCut: true });
  });

  it.each(['é', '€', '😀'])('begins with a whole character where %s is cut', (character) => {
    const length = Buffer.byteLength(character);
    for (let maxBytes = length * 3; maxBytes < length * 4; maxBytes++) {
      const { text } = tailOf([character.repeat(9)], maxBytes);
      expect(text).toBe(character.repeat(3));
    }
  });

  it('says what is no UTF-8 by one sign', () => {
    expect(tailOf([Buffer.from([0x61, 0xff, 0xc3, 0x62])], 8).text).toBe('a\ufffd\ufffdb');
    expect(tailOf([Buffer.alloc(20, 0x80)], 8).text).toMatch(/^\ufffd+$/);
  });
});

describe('the log of an output', () => {
  it('is whole in files of a limited size, the oldest of which go', async () => {
    const folder = await temporaryFolder();
    const files = openLogFiles(folder, 'stdout', { maxBytes: 10, maxFiles: 3 });
    for (const text of ['first.....', 'second....', 'third.....', 'fourth....', 'five'])
      await files.write([Buffer.from(text)]);
    await files.close();
    expect(files.names()).toEqual(['stdout.3.log', 'stdout.4.log', 'stdout.log']);
    expect((await readdir(folder)).sort()).toEqual(['stdout.3.log', 'stdout.4.log', 'stdout.log']);
    expect(await readFile(join(folder, 'stdout.4.log'), 'utf8')).toBe('fourth....');
    expect(await readFile(join(folder, 'stdout.log'), 'utf8')).toBe('five');
  });

  it('never goes through a link that a program has planted', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'mine'), 'mine');
    await symlink('mine', join(folder, 'stdout.log'));
    const output = captureOutput(folder, 'stdout', () => undefined);
    output.stream.end('theirs');
    await output.done;
    expect(await readFile(join(folder, 'mine'), 'utf8')).toBe('mine');
    expect(await readFile(join(folder, 'stdout.log'), 'utf8')).toBe('theirs');
  });

  it('takes hundreds of megabytes in memory of one size', async () => {
    const folder = await temporaryFolder();
    const output = captureOutput(folder, 'stdout', () => undefined);
    const block = Buffer.alloc(1 << 20, 'x');
    global.gc?.();
    const before = process.memoryUsage().rss;
    for (let written = 0; written < 200; written++)
      if (!output.stream.write(block)) await new Promise((resolve) => output.stream.once('drain', resolve));
    output.stream.end();
    await output.done;
    expect(process.memoryUsage().rss - before).toBeLessThan(80 << 20);
    expect(output.size()).toBe(200 << 20);
    expect(output.isCut()).toBe(true);
    expect(output.text()).toHaveLength(maxInlineOutput);
  });
});

function tailOf(chunks: readonly (string | Buffer)[], maxBytes: number): { text: string; isCut: boolean } {
  const tail = new OutputTail(maxBytes);
  for (const chunk of chunks) tail.add(Buffer.from(chunk as string));
  return { text: tail.text(), isCut: tail.isCut };
}
