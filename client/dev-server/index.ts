export { readRunningDev } from './dev-record.js';
export { findExecutable, findServer } from './find-server.js';
export { openServer, type OpenServer } from './open-server.js';
export { startDevServer, type DevServer, type StartOptions } from './start-server.js';
