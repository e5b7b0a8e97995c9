import { fetchRepo } from '../../engine/hub/transfer/fetch-repo.js';
import { createHubHttp } from '../../engine/hub/http.js';
import { openHashRecord } from '../../system/hashing/index.js';

/** Our downloader, timed within its own process: prints the seconds, and those until the first bytes were written. */
const [endpoint = '', repoId = '', cacheDir = '', ...paths] = process.argv.slice(2);

const hub = {
  endpoint,
  cacheDir,
  offline: false,
  refuseUnverified: false,
  maxConnections: 32,
  timeouts: { metadataMs: 20_000, firstByteMs: 20_000, stallMs: 20_000 },
};
const start = performance.now();
let firstBytes: number | undefined;
const http = createHubHttp(hub);
const { bytesFetched } = await fetchRepo(
  { hub, http },
  {
    ...{ repoId, revision: 'main', selection: { requests: paths.map((path) => ({ required: path })) } },
    ...{ hashes: await openHashRecord(), onCommit: () => undefined },
  },
  {
    signal: new AbortController().signal,
    report: ({ completed }) => {
      if (completed > 0) firstBytes ??= performance.now();
    },
  },
);
const seconds = (performance.now() - start) / 1000;
const firstBytesMs = bytesFetched > 0 && firstBytes !== undefined ? firstBytes - start : undefined;
console.log(JSON.stringify({ seconds, firstBytesMs }));
await http.dispatcher.destroy();
