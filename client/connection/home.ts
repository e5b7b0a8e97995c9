import { resolve } from 'node:path';

/** The absolute path of the `MODEL_JOBS_HOME` of an environment; `.model-jobs` in the working folder by default. */
export function homeOf(env: NodeJS.ProcessEnv): string {
  return resolve(env['MODEL_JOBS_HOME'] || '.model-jobs');
}
