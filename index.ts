/**
 * Model work as durable functions: plan it, start it, follow it.
 *
 * ```ts
 * import { ModelJobsClient, modelSpecFromPreset } from 'model-jobs';
 *
 * const jobs = await ModelJobsClient.connect();
 * const handle = await jobs.start({
 *   kind: 'Inference',
 *   backend: 'onnx',
 *   spec: modelSpecFromPreset('xenova-distilbert-sst2-onnx'),
 *   inputs: [{ kind: 'json', value: { text: 'I love this' } }],
 * });
 * for await (const { snapshot } of handle.watch()) console.log(snapshot.status, snapshot.progress);
 * console.log((await handle.result()).output);
 * await jobs.close();
 * ```
 *
 * @module
 */
export { ModelJobsClient, type ModelJobsClientOptions, type StartOptions } from './client/job-client.js';
export type { ConnectOptions } from './client/connection/connect.js';
export { JobFailedError, NoServerError } from './client/connection/errors.js';
export type { JobActivity } from './client/state/job-activities.js';
export { idReusePolicies, type IdReusePolicy } from './client/jobs/id-reuse.js';
export type { JobHandle } from './client/jobs/job-handle.js';
export type { JobFilter, JobSummary, ListedStatus } from './client/jobs/list-jobs.js';
export {
  JobScheduleHandle,
  JobSchedules,
  type Backfill,
  type ScheduledJob,
  type ScheduleState,
  type ScheduleSummary,
  type TimeRange,
} from './client/schedules/index.js';
export type { JobUpdate, WatchOptions } from './client/jobs/watch-job.js';
export {
  backendNames,
  defaultTaskQueue,
  errorCodes,
  isErrorCode,
  isTerminal,
  jobKinds,
  maxRequestBytes,
  ModelJobError,
  modelPresets,
  modelSpecFromPreset,
  overlapPolicies,
  parseJobSchedule,
  parseModelAccessJobRequest,
  planModelAccess,
  planModelBundle,
  requestJsonSchema,
  runSurfaceOperation,
  taskNames,
  type AccessPlan,
  type ArtifactKind,
  type ArtifactRef,
  type BundleManifest,
  type BundleManifestFile,
  type BundlePlan,
  type BundlePlanFile,
  type Diagnostic,
  type ExecutionPlan,
  type FileRequest,
  type JobArtifact,
  type JobEvent,
  type JobEventKind,
  type JobLogEntry,
  type JobOptions,
  type JobProgress,
  type JobSchedule,
  type JobScheduleInput,
  type JobSnapshot,
  type JobSpec,
  type JobStatus,
  type ModelAccessJobRequest,
  type ModelAccessJobRequestInput,
  type ModelAccessJobResult,
  type ModelBackend,
  type ModelJobErrorCode,
  type ModelJobInput,
  type ModelJobKind,
  type ModelJobProblem,
  type ModelPreset,
  type ModelSource,
  type ModelSpec,
  type ModelTask,
  type OverlapPolicy,
  type SurfaceRequest,
  type SurfaceResponse,
} from './planner/index.js';
