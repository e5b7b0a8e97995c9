import { ModelJobError, nearestName } from '../../../planner/index.js';
import { parsePlaceholder, placeholderNames, type Placeholder, type TemplateWord } from './template.js';

/** A shell's variable, a placeholder that is escaped, a placeholder; of the last two what is between the braces. */
const pieces = /\$\{[^{}]*\}|\{\{([^{}]*)\}\}|\{([^{}]*)\}/g;

/**
 * Reads an argument of a request: the placeholders of templates, and `{{name}}` for what would be one. Other braces stay
 * as they are, for arguments hold JSON and code.
 *
 * @throws ModelJobError `InvalidArgument` for what is nearly a placeholder
 */
export function parseArgument(text: string): TemplateWord {
  const word: (string | Placeholder)[] = [];
  let from = 0;
  for (const { 0: whole, 1: escaped, 2: body, index } of text.matchAll(pieces)) {
    const isMeant = nameMeant(escaped ?? body) !== undefined;
    if (!isMeant) continue;
    word.push(text.slice(from, index), body === undefined ? `{${escaped}}` : parsePlaceholder(known(body)));
    from = index + whole.length;
  }
  return [...word, text.slice(from)];
}

/** The placeholder's name that braces hold, nearly or quite. */
function nameMeant(body = ''): string | undefined {
  const [, name = ''] = /^([A-Za-z]+)(?:[:=][\s\S]*)?$/.exec(body) ?? [];
  return placeholderNames.find((one) => one === name) ?? nearestName(name, placeholderNames);
}

function known(body: string): string {
  const name = nameMeant(body) ?? '';
  if (new RegExp(`^${name}(?![A-Za-z])`).test(body)) return body;
  throw new ModelJobError(
    'InvalidArgument',
    `\`{${body}}\` is not a placeholder (perhaps {${name}}; as a text it is \`{{${body}}}\`)`,
  );
}
