import { ModelJobError } from '../../planner/index.js';

/** What came of a file so far is of no use: it is to be fetched from its beginning. No other try of the same part helps. */
export class BeginAnew extends ModelJobError {
  constructor(why: string) {
    super('IntegrityError', why);
  }
}
