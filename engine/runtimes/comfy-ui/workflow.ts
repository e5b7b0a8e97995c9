import { z } from 'zod';
import { ModelJobError, parseWith, type JsonValue } from '../../../planner/index.js';

/** A node of a workflow in ComfyUI's API format: its class, and its inputs as values or as [node, output] links. */
const nodeSchema = z.looseObject({ class_type: z.string(), inputs: z.record(z.string(), z.json()).default({}) });

const graphSchema = z
  .record(z.string(), nodeSchema)
  .refine((graph) => Object.keys(graph).length > 0, { error: 'expected at least one node' });

/** Values by node and name. */
const changesSchema = z.record(z.string(), z.record(z.string(), z.json()));

const requestSchema = z.object({ workflow: graphSchema, inputs: changesSchema.nullish() });

/** A workflow in ComfyUI's API format. */
export type Workflow = z.infer<typeof graphSchema>;

/** Values that take the place of a workflow's own, by node and name. */
export type WorkflowInputs = z.infer<typeof changesSchema>;

/**
 * The workflow of an input: a graph in ComfyUI's API format, or `{workflow, inputs}` with values that take the place
 * of the graph's own.
 *
 * @param defaults values for every input of the job: the request's `options.parameters`
 * @throws ModelJobError `InvalidArgument` that names what is wrong, and nodes that are not there
 */
export function workflowOf(input: JsonValue, defaults: Readonly<Record<string, JsonValue>>): Workflow {
  const { workflow, inputs } = isRequest(input)
    ? parseWith(requestSchema, input, 'input')
    : { workflow: parseWith(graphSchema, input, 'workflow'), inputs: {} };
  const shared = parseWith(changesSchema, defaults, 'options.parameters');
  return changed(changed(workflow, shared, 'options.parameters'), inputs ?? {}, 'inputs');
}

function isRequest(input: JsonValue): boolean {
  return typeof input === 'object' && input !== null && !Array.isArray(input) && 'workflow' in input;
}

function changed(workflow: Workflow, changes: WorkflowInputs, field: string): Workflow {
  const unknown = Object.keys(changes).filter((id) => !Object.hasOwn(workflow, id));
  if (unknown.length > 0) {
    const nodes = Object.keys(workflow).join(', ');
    throw new ModelJobError(
      'InvalidArgument',
      `${field}: the workflow has no node ${unknown.join(', ')}; it has ${nodes}`,
    );
  }
  return Object.fromEntries(
    Object.entries(workflow).map(([id, node]) => [id, { ...node, inputs: { ...node.inputs, ...changes[id] } }]),
  );
}
