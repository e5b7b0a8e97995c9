import { ModelJobError } from '../shared/errors.js';
import { taskNames, type FileRequest, type ModelSpec, type ModelTask } from '../request/model-spec.js';
import { presetTable, type PresetRow } from './preset-table.js';
import { specSummary, type SpecSummary } from '../request/spec-summary.js';

/** A preset as the crate's `model.presets` operation lists it. */
export interface ModelPreset extends SpecSummary {
  id: string;
}

/** The crate's 34 presets, in its order. */
export const modelPresets: readonly ModelPreset[] = presetTable.map((row) => ({
  id: row[0],
  ...specSummary(specOf(row)),
}));

/**
 * The model spec of a preset.
 *
 * @throws ModelJobError `NotFound`, with the ids that come close
 */
export function modelSpecFromPreset(id: string): ModelSpec {
  const row = presetTable.find(([presetId]) => presetId === id);
  if (row) return specOf(row);
  const similar = presetTable.map(([presetId]) => presetId).filter((presetId) => sharesWord(presetId, id));
  const hint = similar.length > 0 ? `; did you mean ${similar.join(', ')}?` : '; `model-jobs presets` lists them';
  throw new ModelJobError('NotFound', `preset \`${id}\` does not exist${hint}`);
}

function specOf([name, repoId, task, files, metadata]: PresetRow): ModelSpec {
  return {
    name,
    task: taskOf(task),
    source: { kind: 'hugging_face', repo_id: repoId, revision: 'main' },
    files: files.split(', ').map(fileRequestOf),
    metadata: { ...metadata },
    repo_id: repoId,
    revision: 'main',
  };
}

function taskOf(name: string): ModelTask {
  return taskNames.find((known) => known === name) ?? { custom: name };
}

function fileRequestOf(text: string): FileRequest {
  if (text.startsWith('?')) return { optional: text.slice(1) };
  return text.includes(' | ') ? { first_available: text.split(' | ') } : { required: text };
}

function sharesWord(left: string, right: string): boolean {
  const words = new Set(left.toLowerCase().split(/[^a-z0-9]+/));
  return right
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .some((word) => word.length > 3 && words.has(word));
}
