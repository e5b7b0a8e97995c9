import { randomBytes } from 'node:crypto';
import { ModelJobError } from '../../planner/index.js';
import { createBook } from './book.js';
import { createHandler } from './handle.js';
import type { Hub, HubOptions } from './options.js';
import { createRepoStore } from './repo-store.js';
import { listenOnLoopback } from './server.js';

/**
 * Starts a hub that serves folders as model repositories by the Hugging Face protocol, on the loopback address
 * and for reading only. Its CDN is a second origin, as the real one's is.
 *
 * @throws ModelJobError `InvalidArgument` where a repo's folder is missing; the socket's error where the port
 * is taken.
 */
export async function startHub(options: HubOptions): Promise<Hub> {
  const store = createRepoStore(options.repos);
  const book = createBook();
  const origins = { url: '', cdnUrl: '' };
  const parts = { options, store, book, origins, secret: randomBytes(16).toString('hex') };
  const hub = await listenOnLoopback(options.port ?? 0, createHandler(parts, 'hub'), book.countConnection);
  const cdn = await listenOnLoopback(0, createHandler(parts, 'cdn'), book.countConnection);
  Object.assign(origins, { url: hub.url, cdnUrl: cdn.url });
  return {
    ...origins,
    stats: book.stats,
    resetStats: book.reset,
    setRepo: store.set,
    commit: async (repo, revision = 'main') => {
      const snapshot = await store.snapshot(repo, revision);
      if (snapshot === undefined) {
        throw new ModelJobError('NotFound', `the hub has no repo "${repo}" with a revision "${revision}"`);
      }
      return snapshot.commit;
    },
    close: async () => {
      await Promise.all([hub.close(), cdn.close()]);
    },
  };
}
