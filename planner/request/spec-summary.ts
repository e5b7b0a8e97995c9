import { repoIdOf, revisionOf, safeName, sourceName, taskName } from './model-facts.js';
import type { FileRequest, ModelSource, ModelSpec } from './model-spec.js';

/** A file request as the crate's surface shows it. */
export type FileRequestSummary =
  { kind: 'required' | 'optional'; path: string } | { kind: 'firstAvailable'; paths: string[] };

/** A spec as the crate's surface shows it. */
export interface SpecSummary {
  name: string;
  safeName: string;
  task: string;
  source: Record<string, string>;
  requestedFiles: FileRequestSummary[];
  revision: string | null;
  repoId: string | null;
  metadata: Record<string, string>;
}

/** The summary of a spec (the crate's `spec_summary_json`). */
export function specSummary(spec: ModelSpec): SpecSummary {
  return {
    name: spec.name,
    safeName: safeName(spec.name),
    task: taskName(spec.task),
    source: summarizeSource(spec.source),
    requestedFiles: spec.files.map(summarizeFile),
    revision: revisionOf(spec) ?? null,
    repoId: repoIdOf(spec) ?? null,
    metadata: spec.metadata,
  };
}

function summarizeSource(source: ModelSource): Record<string, string> {
  const kind = sourceName(source);
  switch (source.kind) {
    case 'hugging_face':
      return { kind, repoId: source.repo_id, revision: source.revision };
    case 'local_path':
      return { kind, path: source.path };
    case 'external_command':
      return { kind, command: source.command };
    case 'comfy_ui_inventory':
      return { kind, root: source.root };
  }
}

function summarizeFile(request: FileRequest): FileRequestSummary {
  if ('required' in request) return { kind: 'required', path: request.required };
  if ('optional' in request) return { kind: 'optional', path: request.optional };
  return { kind: 'firstAvailable', paths: request.first_available };
}
