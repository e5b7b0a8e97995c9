import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';

/** The worker's program is a process of its own, so the built one. */
const program = fileURLToPath(new URL('../../dist/worker/main.js', import.meta.url));

describe('a command to the worker’s program', () => {
  it.each([
    ['of no known name', ['serve', '{}'], 'there is no command `serve`; there are cache, files, sign'],
    ['that is missing', ['cache'], 'the command is no JSON'],
    ['of an unknown action', ['cache', '{"action":"drop"}'], "Expected 'list' | 'verify' | 'remove'"],
    [
      'with a value of another type',
      ['cache', '{"action":"remove","names":"all","partials":false}'],
      'names: expected array',
    ],
    ['that misses a value', ['sign', '{"action":"sign"}'], 'folder: expected string, received nothing'],
  ])('%s is refused before anything is done', async (_what, args, message) => {
    const { exitCode, stdout, stderr } = await execa(process.execPath, [program, ...args], { reject: false });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});
