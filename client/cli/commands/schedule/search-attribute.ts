import { InvalidArgumentError } from 'commander';
import type { JobScheduleInput } from '../../../../planner/index.js';

type Attributes = NonNullable<JobScheduleInput['searchAttributes']>;

/** `Team=KEYWORD:ml` as a search attribute; what stands behind the colon is JSON where the type is no text. */
export function parseAttribute(text: string): Attributes {
  const [, name = '', type = '', value = ''] = /^([^=]+)=([A-Za-z_]+):(.*)$/s.exec(text) ?? [];
  if (!name) throw new InvalidArgumentError('Expected NAME=TYPE:VALUE, such as Team=KEYWORD:ml.');
  const upper = type.toUpperCase();
  // The planner judges type and value.
  return { [name]: { type: upper, value: isText(upper) ? value : parseValue(value) } } as Attributes;
}

function isText(type: string): boolean {
  return ['KEYWORD', 'TEXT', 'DATETIME'].includes(type);
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
