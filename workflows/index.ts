/**
 * A workflow for each kind: the one module that workers bundle.
 *
 * @module
 */
export { modelBatchInference } from './batch-inference.js';
export { modelDownload } from './download.js';
export { modelExternalCommand } from './external-command.js';
export { modelInference } from './inference.js';
export { modelMaterializeBundle } from './materialize-bundle.js';
export { modelValidateBundle } from './validate-bundle.js';
export { modelWarmup } from './warmup.js';
