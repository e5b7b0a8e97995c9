import { findNodeAtLocation, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import { ModelJobError, parseWith, type ModelJobProblem } from '../../planner/index.js';
import { policySchema, type CommandPolicy } from './schema.js';

/**
 * Reads a policy: JSON, in which comments may stand.
 *
 * @param file for messages
 * @throws ModelJobError `InvalidArgument` that names the line and field of every problem
 */
export function readPolicy(text: string, file: string): CommandPolicy {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const refuse = (problems: Problem[]): ModelJobError =>
    new ModelJobError(
      'InvalidArgument',
      problems.map(({ offset, detail }) => `${file}:${lineOf(text, offset)}: ${detail}`).join('; '),
    );
  if (errors.length > 0 || !root) {
    const broken = errors.map(({ error, offset }) => ({ offset, detail: `no JSON: ${printParseErrorCode(error)}` }));
    throw refuse(broken.length > 0 ? broken : [{ offset: 0, detail: 'it is empty' }]);
  }
  const twice = duplicatesIn(root);
  if (twice.length > 0) throw refuse(twice);
  try {
    return parseWith(policySchema, valueOf(root), 'policy');
  } catch (error) {
    if (!(error instanceof ModelJobError) || error.problems.length === 0) throw error;
    throw refuse(error.problems.map((problem) => located(problem, root)));
  }
}

interface Problem {
  /** Where it is in the text. */
  offset: number;
  detail: string;
}

function located({ path, message }: ModelJobProblem, root: Node): Problem {
  const segments = [...path.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map(([name, index]) => (index ? Number(index) : name));
  const [, unknown] = /^unknown key "(\w+)"/.exec(message) ?? [];
  const offset = nearest(root, unknown === undefined ? segments : [...segments, unknown]);
  return { offset, detail: `${path || 'the policy'}: ${message}` };
}

/** Where a value stands, or what it would be a part of. */
function nearest(root: Node, segments: (string | number)[]): number {
  for (let depth = segments.length; depth > 0; depth--) {
    const node = findNodeAtLocation(root, segments.slice(0, depth));
    if (node) return node.parent?.type === 'property' ? node.parent.offset : node.offset;
  }
  return root.offset;
}

/** Of a field that stands twice only the last would count. */
function duplicatesIn(node: Node): Problem[] {
  const children = node.children ?? [];
  const inside = children.flatMap(duplicatesIn);
  if (node.type !== 'object') return inside;
  const names = children.map(nameOf);
  const again = children.filter((child, index) => names.indexOf(nameOf(child)) < index);
  return [
    ...again.map((child) => ({ offset: child.offset, detail: `${nameOf(child)}: the field stands there twice` })),
    ...inside,
  ];
}

function nameOf(property: Node): string {
  return String(property.children?.[0]?.value);
}

function valueOf(node: Node): unknown {
  if (node.type === 'array') return (node.children ?? []).map(valueOf);
  if (node.type !== 'object') return node.value;
  const entries = (node.children ?? []).map((child) => [nameOf(child), child.children?.[1]] as const);
  return Object.fromEntries(entries.map(([name, value]) => [name, value && valueOf(value)]));
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
