import { serveThread } from '../../../system/threads/serve-thread.js';
import { planDataSet } from './plan-data-set.js';

serveThread(planDataSet);
