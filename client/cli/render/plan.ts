import { backendName, jobKinds, type AccessPlan } from '../../../planner/index.js';
import { indent, table } from './text.js';

/** How many artifacts a text lists. */
const maxArtifacts = 20;

/** A plan for people. */
export function renderPlan({ jobSpec, kind, backend, executionPlan, expectedArtifacts }: AccessPlan): string {
  const { mode, sideEffects, progressUnit, requirements } = executionPlan;
  const rows = [
    ['kind', `${kind} (${jobKinds[kind].kindString})`],
    ['backend', backendName(backend)],
    ['mode', mode],
    ['side effects', sideEffects.join(', ')],
    ['progress', `in ${progressUnit}`],
    ...requirements.map(({ name, description }) => ['needs', `${name}: ${description}`]),
  ];
  const artifacts = expectedArtifacts.slice(0, maxArtifacts).map(({ id, uri }) => [id, uri]);
  const more = expectedArtifacts.length - maxArtifacts;
  return [
    jobSpec.id,
    indent(table(rows)),
    ...(artifacts.length > 0 ? ['  expected artifacts', indent(indent(table(artifacts)))] : []),
    ...(more > 0 ? [`    … and ${more} more (--json prints all)`] : []),
  ].join('\n');
}
