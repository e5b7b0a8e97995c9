import { serveThread } from '../../thread/serve-thread.js';
import { planDataSet } from './plan-data-set.js';

serveThread(planDataSet);
