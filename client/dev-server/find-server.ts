import { ModelJobError } from '../../planner/index.js';
import { buildServer } from './build-server.js';
import { downloadServer } from './download-server.js';
import { findKept } from './kept-executable.js';
import { findOnPath } from './on-path.js';
import { openSearch, type FoundExecutable, type Miss, type Search, type SearchOptions } from './search.js';
import { throwIfCancelled } from '../../system/processes/throw-if-cancelled.js';

/** Either a server that runs already, or a Temporal CLI that can start one. */
export type FoundServer = { kind: 'address'; address: string } | ({ kind: 'executable' } & FoundExecutable);

const ways: { name: string; seek: (search: Search) => Promise<FoundExecutable | Miss> }[] = [
  { name: '`temporal` on the PATH', seek: findOnPath },
  { name: 'a Temporal CLI kept from before', seek: findKept },
  { name: "the SDK's own download", seek: downloadServer },
  { name: 'a build from the Go module proxy', seek: buildServer },
];

/**
 * Finds a Temporal server: `TEMPORAL_ADDRESS` if it is set, else a Temporal CLI as `findExecutable` does.
 *
 * @throws ModelJobError as `findExecutable`
 */
export async function findServer(options: SearchOptions = {}): Promise<FoundServer> {
  const { env, report } = openSearch(options);
  if (env.TEMPORAL_ADDRESS) {
    report(`using the Temporal server at ${env.TEMPORAL_ADDRESS} (TEMPORAL_ADDRESS is set): no server is started`);
    return { kind: 'address', address: env.TEMPORAL_ADDRESS };
  }
  return { kind: 'executable', ...(await findExecutable(options)) };
}

/**
 * Finds a Temporal CLI that was seen to run: on the PATH, kept from before, downloaded by the SDK, or built with Go.
 * The last two keep it in the user's cache folder, `model-jobs/temporal/{version}/`.
 *
 * @throws ModelJobError `MissingDependency` with every way that was tried, `Cancelled` when the signal is aborted
 */
export async function findExecutable(options: SearchOptions = {}): Promise<FoundExecutable> {
  const search = openSearch(options);
  const misses: { path: string; message: string }[] = [];
  for (const { name, seek } of ways) {
    throwIfCancelled(search.signal);
    const outcome = await seek(search).catch(asMiss);
    if ('path' in outcome) {
      search.report(`found ${name}: ${outcome.path} (${outcome.version})`);
      return outcome;
    }
    search.report(`looked for ${name}: ${outcome.reason}`);
    misses.push({ path: name, message: outcome.reason });
  }
  throw nothingFound(misses);
}

/** A full disk or a cache folder that can't be written ends one way, not the search. */
function asMiss(error: unknown): Miss {
  if (error instanceof ModelJobError) throw error;
  return { reason: String(error) };
}

function nothingFound(misses: { path: string; message: string }[]): ModelJobError {
  const tried = misses.map(({ path, message }) => `- ${path}: ${message.replaceAll('\n', '\n  ')}`);
  const advice =
    'Install the Temporal CLI (https://docs.temporal.io/cli) or Go 1.25 or newer (https://go.dev/dl), ' +
    'or set TEMPORAL_ADDRESS to a Temporal server that runs already.';
  const detail = ['no Temporal dev server could be found or made. Tried:', ...tried, advice].join('\n');
  return new ModelJobError('MissingDependency', detail, { problems: misses });
}
