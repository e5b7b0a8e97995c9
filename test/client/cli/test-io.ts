import { PassThrough, Readable } from 'node:stream';
import type { CliIo } from '../../../client/cli/io.js';
import { runCli } from '../../../client/cli/program.js';

/** A run of the CLI inside the test's process. */
export interface CliRun {
  exitCode: number;
  stdout: string;
  stderr: string;
}

export interface TestIo {
  io: CliIo;
  /** What was written so far. */
  stdout: () => string;
  stderr: () => string;
  /** Does what Ctrl-C does. */
  interrupt: () => void;
}

/** Streams that keep what is written, and an environment of their own. */
export function createTestIo({ stdin = '', env = {} }: { stdin?: string; env?: NodeJS.ProcessEnv } = {}): TestIo {
  const handlers = new Set<(signal: NodeJS.Signals) => void>();
  const [stdout, readStdout] = keepingStream();
  const [stderr, readStderr] = keepingStream();
  const io: CliIo = {
    stdin: Readable.from([stdin]),
    stdout,
    stderr,
    env,
    onSignals(_signals, handler) {
      handlers.add(handler);
      return () => handlers.delete(handler);
    },
  };
  return {
    io,
    stdout: readStdout,
    stderr: readStderr,
    interrupt: () => handlers.forEach((handle) => handle('SIGINT')),
  };
}

/** Runs the command line to its end. */
export async function runInTest(args: string[], options: Parameters<typeof createTestIo>[0] = {}): Promise<CliRun> {
  const { io, stdout, stderr } = createTestIo(options);
  const exitCode = await runCli(args, io);
  return { exitCode, stdout: stdout(), stderr: stderr() };
}

function keepingStream(): [PassThrough, () => string] {
  const stream = new PassThrough();
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  return [
    stream,
    () => {
      const rest: unknown = stream.read();
      return text + (typeof rest === 'string' ? rest : '');
    },
  ];
}
