import { serveThread } from '../../../system/threads/serve-thread.js';
import { mergeShards } from './merge-shards.js';

serveThread(mergeShards);
