export type { Fault } from './faults.js';
export type { Hub, HubOptions, HubRequest } from './options.js';
export { startHub } from './start-hub.js';
