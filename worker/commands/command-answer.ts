/** What came of a command, as JSON; `valid` is false where something is not as it should be. */
export interface CommandAnswer {
  answer: unknown;
  valid: boolean;
}
