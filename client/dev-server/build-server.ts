import { dirname, join } from 'node:path';
import { keepWhatIsMade } from './kept-executable.js';
import { programsOnPath } from '../../system/processes/find-program.js';
import { runProcess } from '../../system/processes/run-process.js';
import { programName, temporalCliVersion, type FoundExecutable, type Miss, type Search } from './search.js';

const goPackage = `github.com/temporalio/cli/cmd/temporal@${temporalCliVersion}`;
const timeoutMs = 45 * 60_000;
const remindMs = 30_000;

/** Builds the Temporal CLI from the Go module proxy with `go install`, once for each user. */
export async function buildServer(search: Search): Promise<FoundExecutable | Miss> {
  const [go] = await programsOnPath(programName('go'), search.env);
  if (!go) return { reason: '`go` is not on the PATH' };
  return await keepWhatIsMade(search, (folder) => build(go, folder, search));
}

async function build(go: string, folder: string, { env, report, signal }: Search): Promise<string | Miss> {
  report(
    `building the Temporal CLI with \`go install ${goPackage}\`: usually 3 to 6 minutes on two cores, ` +
      `this once; it is then kept in ${dirname(folder)} and later starts are instant`,
  );
  const startedAt = Date.now();
  const seconds = () => Math.round((Date.now() - startedAt) / 1000);
  const timer = setInterval(() => report(`still building the Temporal CLI: ${seconds()} s so far`), remindMs);
  try {
    const run = await runProcess(go, ['install', goPackage], {
      cwd: folder,
      env: { ...env, GOBIN: folder },
      timeoutMs,
      signal,
    });
    if (!run.ok) return { reason: run.reason };
    report(`built the Temporal CLI in ${seconds()} s`);
    return join(folder, programName('temporal'));
  } finally {
    clearInterval(timer);
  }
}
