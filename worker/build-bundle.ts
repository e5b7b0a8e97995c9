import { writeFile } from 'node:fs/promises';
import { bundlePath, bundleWorkflows } from './workflow-bundle.js';

/** `npm run build` ends with this: the workflows' bundle, shipped with the package. */
await writeFile(bundlePath, await bundleWorkflows());
