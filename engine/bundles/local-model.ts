import type { ModelIdentity } from '../../planner/index.js';
import type { Bundle } from './names.js';

/** A model that is on this worker's disk, for a request. */
export interface LocalModel extends Bundle {
  identity: ModelIdentity;
  bytesTotal: number;
  /** Bytes that came over the network, and bytes that were here already. */
  bytesFetched: number;
  bytesReused: number;
}
