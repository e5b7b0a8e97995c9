import type { ModelVersion, VersionQuestion } from '../../models/contract/registry.js';
import { comfyApi } from './api.js';

/** What the server says of itself: its nodes and models are its own. */
export async function comfyUiVersion({ settings, signal }: VersionQuestion): Promise<ModelVersion | undefined> {
  if (settings.comfyUiUrl === undefined) return undefined;
  const version = await comfyApi(settings.comfyUiUrl).version(signal);
  return { label: 'comfyui', version: `ComfyUI ${version ?? 'of an unknown version'}` };
}
