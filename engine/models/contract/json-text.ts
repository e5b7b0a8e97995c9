import type { JsonValue } from '../../../planner/index.js';
import { membersOf } from './json-members.js';

/** JSON as it was written: its text has digits that a number of JavaScript's may not hold. */
export class JsonText {
  /**
   * @param text valid JSON
   * @param value what it says
   */
  constructor(
    readonly text: string,
    readonly value: JsonValue,
  ) {}
}

/**
 * The text of a member of an object, on one line; of the whole where no member is named.
 *
 * @param json valid JSON
 */
export function textOfMember(json: string, member: string | undefined): string {
  const text = (member === undefined ? undefined : membersOf(json)?.get(member)) ?? json;
  // White space, for texts hold no line breaks; to some readers each is the end of a line.
  return text.trim().replaceAll(/[\r\n]/g, ' ');
}
