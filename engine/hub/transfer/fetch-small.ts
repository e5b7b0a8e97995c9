import { retrying } from '../retry.js';
import { writeFileAtomic } from '../../../system/files/atomic-write.js';
import { contentHash } from './content-hash.js';
import { firstAlgorithm, type FetchedFile, type FileFetch } from './file-fetch.js';

/** Fetches a small file by one request, into memory. */
export async function fetchSmall({ file, blob, reader, http, signal, onBytes }: FileFetch): Promise<FetchedFile> {
  let chunks: Buffer[] = [];
  if (file.size > 0) {
    await retrying(signal, () =>
      http.bodies(async () => {
        signal.throwIfAborted();
        chunks = [];
        await reader.read(file, { start: 0, end: file.size }, (chunk) => void chunks.push(chunk), signal);
      }),
    );
  }
  onBytes(file.size, 'fetched');
  return {
    digest: contentHash(file, firstAlgorithm(file), chunks),
    digestBy: (algorithm) => Promise.resolve(contentHash(file, algorithm, chunks)),
    // Bytes that the machine loses with its power are found missing by their size.
    publish: () => writeFileAtomic(blob, Buffer.concat(chunks), { flush: false }),
    discard: () => Promise.resolve(),
  };
}
