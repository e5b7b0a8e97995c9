import type { ModelBackend, ModelSource, ModelSpec, ModelTask } from './model-spec.js';

const protocolTasks: Partial<Record<string, string>> = {
  pose_estimation2d: 'pose_estimation_2d',
  pose_lifting3d: 'pose_lifting_3d',
};

const protocolBackends: Partial<Record<string, string>> = { open_cv: 'opencv', comfy_ui: 'comfyui' };

/** The crate's protocol string of a task (`as_protocol_str`). */
export function taskName(task: ModelTask): string {
  return typeof task === 'string' ? (protocolTasks[task] ?? task) : task.custom;
}

/** The crate's string of a backend (`as_str`). */
export function backendName(backend: ModelBackend): string {
  return typeof backend === 'string' ? (protocolBackends[backend] ?? backend) : backend.custom;
}

/** The crate's string of a source (`ModelSource::kind`). */
export function sourceName(source: ModelSource): string {
  return source.kind === 'comfy_ui_inventory' ? 'comfyui_inventory' : source.kind;
}

/** The hub repository of a spec, where it has one. */
export function repoIdOf(spec: ModelSpec): string | undefined {
  return spec.source.kind === 'hugging_face' ? spec.source.repo_id : spec.repo_id || undefined;
}

/** The revision of a spec, where it has one. An empty hub revision is one. */
export function revisionOf(spec: ModelSpec): string | undefined {
  return spec.source.kind === 'hugging_face' ? spec.source.revision : spec.revision || undefined;
}

/** A model's name with every character that is not `A-Z a-z 0-9 - _ .` replaced (`ModelSpec::safe_name`). */
export function safeName(name: string): string {
  return name.replace(/[^A-Za-z0-9._-]/gu, '_');
}

/** The `model.*` metadata that the crate puts on jobs and artifacts. */
export function modelMetadata(spec: ModelSpec, backend: ModelBackend): Record<string, string> {
  const metadata: Record<string, string> = {
    'model.name': spec.name,
    'model.task': taskName(spec.task),
    'model.source': sourceName(spec.source),
    'model.runtime': backendName(backend),
  };
  const revision = revisionOf(spec);
  if (revision !== undefined) metadata['model.revision'] = revision;
  const repoId = repoIdOf(spec);
  if (repoId !== undefined) metadata['model.repoId'] = repoId;
  return metadata;
}
