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
  io.stdout.write(`${text}\n`);
}

/** Writes a value as indented JSON on stdout. */
export function printJson(io: CliIo, value: unknown): void {
  printLine(io, JSON.stringify(value, null, 2));
}

/** Writes a remark on stderr. */
export function remark(io: CliIo, text: string): void {
  io.stderr.write(`${text}\n`);
}
