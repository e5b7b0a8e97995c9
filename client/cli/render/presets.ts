import type { ModelPreset } from '../../../planner/index.js';
import { table } from './text.js';

/** Presets as a table. */
export function renderPresets(presets: readonly ModelPreset[]): string {
  const rows = presets.map(({ id, task, repoId, requestedFiles }) => [
    id,
    task,
    repoId ?? '',
    String(requestedFiles.length),
  ]);
  return table([['PRESET', 'TASK', 'REPOSITORY', 'FILES'], ...rows]);
}
