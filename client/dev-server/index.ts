export { readRunningDev, type DevRecord } from './dev-record.js';
export { findExecutable, findServer, type FoundServer } from './find-server.js';
export { openServer, type OpenServer } from './open-server.js';
export type { FoundExecutable, SearchOptions } from './search.js';
export { startDevServer, type DevServer, type StartOptions } from './start-server.js';
