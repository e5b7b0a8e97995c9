// Fetches the files of a repository by the built transfer, in a process of its own that a test may kill.
/* global AbortController */
import process from 'node:process';
import { createHubHttp } from '../../dist/engine/hub/http.js';
import { fetchRepo } from '../../dist/engine/hub/transfer/fetch-repo.js';
import { openHashRecord } from '../../dist/system/hashing/index.js';

const [endpoint = '', cacheDir = '', repoId = '', ...paths] = process.argv.slice(2);
const hub = {
  endpoint,
  cacheDir,
  offline: false,
  refuseUnverified: false,
  maxConnections: 32,
  timeouts: { metadataMs: 20_000, firstByteMs: 20_000, stallMs: 20_000 },
};
let told = false;
const reporter = {
  signal: new AbortController().signal,
  report: () => {
    if (!told) process.stdout.write('fetching\n');
    told = true;
  },
};
const selection = { requests: paths.map((required) => ({ required })) };
const hashes = await openHashRecord();
const wanted = { repoId, revision: 'main', selection, hashes, onCommit: () => undefined };
const facts = await fetchRepo({ hub, http: createHubHttp(hub) }, wanted, reporter);
process.stdout.write(`${JSON.stringify({ fetched: facts.bytesFetched, reused: facts.bytesReused })}\n`);
process.exit(0);
