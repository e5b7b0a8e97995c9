import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { lives } from '../../helpers/adapter.js';

const program = fileURLToPath(new URL('../../fixtures/programs/host-of-program.js', import.meta.url));

describe('a program', () => {
  it.each(['SIGTERM', 'SIGKILL'] as const)(
    'does not outlive the process that started it, ended by %s',
    async (signal) => {
      const host = execa('node', [program], { reject: false });
      onTestFinished(() => void host.kill('SIGKILL'));
      const [line] = (await once(host.stdout, 'data')) as [Buffer];
      const pid = Number(line.toString());
      expect(lives(pid)).toBe(true);
      host.kill(signal);
      await vi.waitFor(() => expect(lives(pid)).toBe(false), 5000);
    },
  );
});
