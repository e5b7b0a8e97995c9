import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { printJson, printLine, remark, type CliIo } from '../../../client/cli/io.js';
import { visible } from '../../../client/cli/render/text.js';

const hostile = 'a\x1b]0;title\x07b\x1b[2J\r\x08\x7f\x9bc\u202ed';
const escaped = String.raw`a\x1b]0;title\x07b\x1b[2J\x0d\x08\x7f\x9bc\u202ed`;

it('control characters stand as their escapes; line breaks, tabs and all letters as they are', () => {
  expect(visible(hostile)).toBe(escaped);
  expect(visible('a\tb\nü日本\u{1f600}')).toBe('a\tb\nü日本\u{1f600}');
});

it('nothing that is printed or remarked moves the cursor', async () => {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const io: CliIo = { stdin: process.stdin, stdout, stderr, env: {}, onSignals: () => () => undefined };
  printLine(io, hostile);
  printJson(io, { hostile });
  remark(io, hostile);
  stdout.end();
  stderr.end();
  const printed = await text(stdout);
  expect(await text(stderr)).toBe(`${escaped}\n`);
  expect(printed).not.toMatch(/[^\P{Cc}\n]/u);
  expect(JSON.parse(printed.slice(printed.indexOf('{')))).toEqual({ hostile });
});
