import { parseJobSchedule, type JobSchedule } from '../../planner/index.js';
import { acceptRequest } from '../jobs/start-options.js';

/**
 * Refuses a bad schedule, or one whose jobs would be refused, before the server hears of it.
 *
 * @throws ModelJobError `InvalidArgument` with every problem by its path; `ResourceLimit` for a request over 1 MiB
 */
export function acceptSchedule(value: unknown): JobSchedule {
  const schedule = parseJobSchedule(value);
  acceptRequest(schedule.request);
  return schedule;
}
