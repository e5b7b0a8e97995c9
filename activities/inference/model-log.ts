import { log } from '@temporalio/activity';
import { AsyncResource } from 'node:async_hooks';

/** Puts what a model prints into the log of the activity that is running; its lines come at any time. */
export function modelLog(): (line: string) => void {
  return AsyncResource.bind((line: string) => {
    log.info(line.slice(0, 2000));
  });
}
