import { stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { keepWhatIsMade } from './kept-executable.js';
import { whyUnreachable } from './reach-host.js';
import { runProcess } from '../../system/processes/run-process.js';
import { programName, temporalCliVersion, type FoundExecutable, type Miss, type Search } from './search.js';

const downloadHost = 'temporal.download';
const timeoutMs = 600_000;
const watchMs = 500;
const remindMs = 10_000;
const stallMs = { beforeFirstByte: 10_000, later: 30_000 };

/** The SDK downloads only on the way to starting a server, and can't be stopped: so it does both in a process of its own. */
const script = `
const [testing, downloadDir, version] = process.argv.slice(1);
const executable = { type: 'cached-download', downloadDir, version };
require(testing).TestWorkflowEnvironment.createLocal({ server: { executable, log: { format: 'text', level: 'never' } } })
  .then((environment) => environment.teardown())
  .catch((error) => console.error(error.message))
  .finally(() => process.exit());
`;

/** The SDK's own download of the Temporal CLI; fails within seconds where the download host is out of reach. */
export async function downloadServer(search: Search): Promise<FoundExecutable | Miss> {
  const unreachable = await whyUnreachable(downloadHost, search.env);
  if (unreachable) return { reason: unreachable };
  search.report(`downloading the Temporal CLI ${temporalCliVersion} from ${downloadHost}`);
  return await keepWhatIsMade(search, (folder) => download(folder, search));
}

async function download(folder: string, search: Search): Promise<string | Miss> {
  const file = join(folder, programName(`temporal-${temporalCliVersion}`));
  const stall = watchForStall(file, search.report);
  try {
    const reason = await runSdk(folder, search, stall.signal);
    // A server that did not start is no reason to throw the downloaded file away.
    return (await sizeOf(file)) > 0 ? file : { reason };
  } finally {
    stall.end();
  }
}

/** Runs the SDK's download to its end and returns what it complained about. */
async function runSdk(folder: string, search: Search, stalled: AbortSignal): Promise<string> {
  const testing = createRequire(import.meta.url).resolve('@temporalio/testing');
  const args = ['-e', script, testing, folder, temporalCliVersion];
  const signal = search.signal ? AbortSignal.any([search.signal, stalled]) : stalled;
  try {
    const run = await runProcess(process.execPath, args, { env: search.env, timeoutMs, signal });
    return run.ok ? run.output.trim() : run.reason;
  } catch (error) {
    if (search.signal?.aborted || !stalled.aborted) throw error;
    return `${downloadHost} does not answer: ${String(stalled.reason)}`;
  }
}

function watchForStall(file: string, report: (message: string) => void): { signal: AbortSignal; end: () => void } {
  const controller = new AbortController();
  let size = 0;
  let grewAt = Date.now();
  let toldAt = Date.now();
  const check = async () => {
    const now = Math.max(await sizeOf(`${file}.downloading`), await sizeOf(file));
    if (now !== size) [size, grewAt] = [now, Date.now()];
    const limit = size === 0 ? stallMs.beforeFirstByte : stallMs.later;
    if (Date.now() - grewAt > limit) controller.abort(`nothing came for ${limit / 1000} s`);
    if (size > 0 && Date.now() - toldAt > remindMs) {
      toldAt = Date.now();
      report(`still downloading: ${Math.round(size / 1e6)} MB so far`);
    }
  };
  const timer = setInterval(() => void check(), watchMs);
  return { signal: controller.signal, end: () => clearInterval(timer) };
}

async function sizeOf(path: string): Promise<number> {
  return await stat(path).then(
    (facts) => facts.size,
    () => 0,
  );
}
