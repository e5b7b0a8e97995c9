import { snapshotDownload } from '@huggingface/hub';

/** `@huggingface/hub`, timed within its own process. */
const [hubUrl = '', repo = '', cacheDir = ''] = process.argv.slice(2);

// It tells of every file.
console.debug = () => undefined;
const start = performance.now();
await snapshotDownload({ repo, hubUrl, cacheDir });
console.log(JSON.stringify({ seconds: (performance.now() - start) / 1000 }));
