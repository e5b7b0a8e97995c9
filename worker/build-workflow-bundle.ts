import { writeFile } from 'node:fs/promises';
import { workflowBundlePath, bundleWorkflows } from './workflow-bundle.js';

/** `npm run build` ends with this: the workflows' bundle, shipped with the package. */
await writeFile(workflowBundlePath, await bundleWorkflows());
