import { serveThread } from '../../thread/serve-thread.js';
import { putTogether } from './put-together.js';

serveThread(putTogether);
