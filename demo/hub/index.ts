export type { Fault } from './faults.js';
export type { Hub, HubOptions, HubRequest, HubStats, RepoOptions, RouteKind } from './options.js';
export { startHub } from './start-hub.js';
