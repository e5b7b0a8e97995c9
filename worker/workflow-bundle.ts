import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type WorkflowBundleOption } from '@temporalio/worker';
import { pino } from 'pino';

/** Where the build puts the bundle: beside the rooms. */
export const workflowBundlePath = fileURLToPath(new URL('../workflow-bundle.js', import.meta.url));

/** The workflows as the build bundled them; bundled now where nothing was built (sources, tests). */
export async function workflowBundle(): Promise<WorkflowBundleOption> {
  return existsSync(workflowBundlePath) ? { codePath: workflowBundlePath } : { code: await bundleWorkflows() };
}

/**
 * The workflows' code. The planner is loaded once for each thread and shared by its workflows: its zod schemas
 * would otherwise be made again for every cached workflow. It is pure, so sharing it shares no state.
 */
export async function bundleWorkflows(): Promise<string> {
  const extension = extname(import.meta.url);
  const path = (name: string): string => fileURLToPath(new URL(`../${name}/index${extension}`, import.meta.url));
  const { code } = await bundleWorkflowCode({
    workflowsPath: path('workflows'),
    preloadModules: [path('planner')],
    logger: pino({ level: 'warn' }, pino.destination(2)) as never,
  });
  return code;
}
