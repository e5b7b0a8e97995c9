import { z } from 'zod';
import { programBackends } from '../engine/runtimes/program/backends.js';
import { parseTemplate } from '../engine/commands/template/template.js';
import type { BackendSettings } from '../engine/models/contract/config.js';
import { ModelJobError, parseWith } from '../planner/index.js';

/** A command line with placeholders, checked here so that a worker with a bad one does not start. */
const template = z.string().superRefine((text, context) => {
  try {
    parseTemplate(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof ModelJobError ? error.detail : String(error) });
  }
});

const templatesSchema = z.object(
  Object.fromEntries(Object.values(programBackends).map(({ setting }) => [setting, template.optional()])),
);

const deviceSchema = z.object({ MODEL_JOBS_DEVICE: z.enum(['auto', 'cpu', 'webgpu', 'cuda']).default('cpu') });

/**
 * What the operator set for the backends that call programs and servers.
 *
 * @param env the variables that are set
 * @throws ModelJobError `InvalidArgument` that names each bad variable
 */
export function readBackendSettings(env: NodeJS.ProcessEnv): BackendSettings {
  const values = parseWith(templatesSchema, env, 'environment');
  const programs = Object.entries(programBackends).flatMap(([backend, { setting }]) => {
    const text = values[setting];
    return text === undefined ? [] : [[backend, text] as const];
  });
  const comfyUiUrl = env['MODEL_JOBS_COMFY_UI_URL'];
  if (comfyUiUrl !== undefined) checkAddress(comfyUiUrl);
  const { MODEL_JOBS_DEVICE: device } = parseWith(deviceSchema, env, 'environment');
  return { programs: Object.fromEntries(programs), comfyUiUrl, device };
}

function checkAddress(text: string): void {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return;
  // Not the value: an address may hold a password.
  throw new ModelJobError(
    'InvalidArgument',
    'MODEL_JOBS_COMFY_UI_URL: expected an address such as "http://127.0.0.1:8188"',
  );
}
