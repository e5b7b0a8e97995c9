import type { WorkflowOptions } from '@temporalio/client';
import {
  backendName,
  fillPlaceholders,
  jobKinds,
  maxRequestBytes,
  ModelJobError,
  parseModelAccessJobRequest,
  planJob,
  repoIdOf,
  revisionOf,
  sourceName,
  taskName,
  type JobSpec,
  type ModelAccessJobRequest,
  type ModelJobKind,
  type Moment,
} from '../../planner/index.js';

/** A request that may be started. */
export interface AcceptedRequest {
  request: ModelAccessJobRequest;
  spec: JobSpec;
}

/** Any will do to find a placeholder that does not exist. */
const anyMoment: Moment = { time: new Date(0), timeZone: 'UTC' };

/**
 * Refuses a bad request before anything starts.
 *
 * @throws ModelJobError `InvalidArgument` with every problem by its path; `ResourceLimit` for a request over 1 MiB
 */
export function acceptRequest(value: unknown): AcceptedRequest {
  const request = parseModelAccessJobRequest(value);
  const spec = planJob(request);
  fillPlaceholders(request, anyMoment);
  const bytes = Buffer.byteLength(JSON.stringify(request));
  if (bytes > maxRequestBytes) {
    const advice = 'put the inputs into a file and pass it as an input {"kind": "localPath", "value": "<path>"}';
    const detail = `the request has ${bytes} bytes of JSON and may have ${maxRequestBytes}: ${advice}`;
    throw new ModelJobError('ResourceLimit', detail, { details: { bytes, maxBytes: maxRequestBytes } });
  }
  return { request, spec };
}

/** What makes a job readable in the Web UI: one line, and some lines of Markdown. */
export function uiTexts(
  request: ModelAccessJobRequest,
): Required<Pick<WorkflowOptions, 'staticSummary' | 'staticDetails'>> {
  const { spec, kind } = request;
  const lines = [
    `- Kind: ${kind} (\`${jobKinds[kind].kindString}\`)`,
    `- Model: ${code(spec.name)}, ${code(taskName(spec.task))}`,
    `- Source: ${code(sourceText(request))}`,
    `- Backend: ${code(backendName(request.backend))}`,
    `- Files requested: ${spec.files.length}`,
    `- Inputs: ${request.inputs.length}`,
  ];
  return { staticSummary: `${kindWords(kind)} ${clip(modelText(request))}`, staticDetails: lines.join('\n') };
}

/** `MaterializeBundle` as `Materialize bundle`. */
export function kindWords(kind: ModelJobKind): string {
  const words = kind.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function modelText({ spec }: ModelAccessJobRequest): string {
  const revision = revisionOf(spec);
  return revision ? `${spec.name}@${revision}` : spec.name;
}

function sourceText({ spec }: ModelAccessJobRequest): string {
  const { source } = spec;
  switch (source.kind) {
    case 'hugging_face':
      return `${sourceName(source)} ${repoIdOf(spec) ?? ''}@${source.revision}`;
    case 'local_path':
      return `${sourceName(source)} ${source.path}`;
    case 'external_command':
      return `${sourceName(source)} ${source.command}`;
    case 'comfy_ui_inventory':
      return `${sourceName(source)} ${source.root}`;
  }
}

function code(text: string): string {
  return `\`${clip(text).replaceAll('`', "'")}\``;
}

/** Temporal refuses a summary over 400 bytes; a caller's text is one line here, and 100 characters at most. */
function clip(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}
