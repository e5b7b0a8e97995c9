import { visible } from './render/text.js';

/** What the CLI reads from and writes to: the process's own, or a test's. */
export interface CliIo {
  stdin: NodeJS.ReadableStream;
  stdout: OutputStream;
  stderr: OutputStream;
  env: NodeJS.ProcessEnv;
  /** Calls `handler` for each of these signals, instead of ending the process, until the returned function is called. */
  onSignals(signals: readonly NodeJS.Signals[], handler: (signal: NodeJS.Signals) => void): () => void;
}

export type OutputStream = NodeJS.WritableStream & { isTTY?: boolean; columns?: number };

/** The streams, environment and signals of this process. */
export function processIo(): CliIo {
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    onSignals(signals, handler) {
      for (const signal of signals) process.on(signal, handler);
      return () => signals.forEach((signal) => process.off(signal, handler));
    },
  };
}

/** Writes a result for people or for another program: stdout holds nothing else. */
export function printLine(io: CliIo, text: string): void {
  io.stdout.write(`${visible(text)}\n`);
}

/** Writes a value as indented JSON on stdout. */
export function printJson(io: CliIo, value: unknown): void {
  const json = JSON.stringify(value, null, 2);
  // What JSON itself leaves as it is, and a terminal may obey.
  const escaped = json.replace(/[\x7f-\x9f]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);
  io.stdout.write(`${escaped}\n`);
}

/** Writes a remark on stderr. */
export function remark(io: CliIo, text: string): void {
  io.stderr.write(`${visible(text)}\n`);
}
