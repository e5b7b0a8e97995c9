import type { LoadRequest } from '../../../models/contract/model-runtime.js';

/** An execution provider of ONNX Runtime, as its sessions are asked for it. */
export type Provider = 'cpu' | 'webgpu' | 'cuda';

/** A model to load, and on what. */
export type PlacedRequest = LoadRequest & { provider: Provider };
