import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The worker's program: it lies beside this room, in sources and in the build alike. */
export const workerProgram = fileURLToPath(new URL(`../../worker/main${extname(import.meta.url)}`, import.meta.url));
