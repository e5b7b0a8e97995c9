/** The release of the Temporal CLI that is kept, downloaded and built: the last one that `go install` can build. */
export const temporalCliVersion = 'v1.5.1';

/** What a caller may say about a search for the Temporal CLI. */
export interface SearchOptions {
  /** Where `PATH`, `TEMPORAL_ADDRESS`, the cache folder and proxies are read from; `process.env` by default. */
  env?: NodeJS.ProcessEnv;
  /** Called with one line for each step; nothing is reported by default. */
  report?: (message: string) => void;
  /** Ends the search, and every process that it started, with a `Cancelled` error. */
  signal?: AbortSignal;
}

/** `SearchOptions` with its defaults filled in: what every way of finding the CLI is given. */
export interface Search {
  env: NodeJS.ProcessEnv;
  report: (message: string) => void;
  signal: AbortSignal | undefined;
}

/** A Temporal CLI that was seen to run. */
export interface FoundExecutable {
  path: string;
  /** What `temporal --version` printed. */
  version: string;
}

/** Why one way of finding the CLI led nowhere. */
export interface Miss {
  reason: string;
}

/** Fills in the defaults of a search. */
export function openSearch(options: SearchOptions): Search {
  return {
    env: options.env ?? process.env,
    report: options.report ?? (() => undefined),
    signal: options.signal,
  };
}

/** The name of a program's file on this platform. */
export function programName(name: string): string {
  return process.platform === 'win32' ? `${name}.exe` : name;
}
