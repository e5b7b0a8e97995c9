/**
 * The planner: pure functions from a request to a plan. It knows no clock, no disk and no Temporal.
 *
 * @module
 */
export {
  artifactKindSchema,
  artifactRefSchema,
  fileArtifactId,
  fileKind,
  fileMediaType,
  fileRole,
  type ArtifactKind,
  type ArtifactRef,
  type FileRole,
} from './artifact.js';
export {
  fallbackDiagnostic,
  hasHeuristic,
  heuristicTasks,
  planFallback,
  withoutWaiting,
  type FailedModel,
  type FallbackFacts,
  type FallbackPlan,
  type HeuristicTask,
} from './fallback.js';
export { errorsLeft, rowsToJudge, tooManyErrors, tooManyErrorsError, type ErrorLimit } from './batch-circuit.js';
export { BatchLedger, type LedgerState, type ShardStart } from './batch-ledger.js';
export {
  batchMessage,
  batchMetadata,
  defaultConcurrency,
  maxConcurrency,
  readBatchMetadata,
  type BatchPhase,
  type BatchStatus,
  type RowCounts,
} from './batch-status.js';
export { checkSteering, steeringNames, type SteeringName } from './batch-steering.js';
export { errorCodes, isErrorCode, ModelJobError, type ModelJobErrorCode, type ModelJobProblem } from './errors.js';
export {
  isTerminal,
  jobArtifactOf,
  snapshotOf,
  type JobArtifact,
  type JobEvent,
  type JobEventKind,
  type JobLogEntry,
  type JobSnapshot,
  type JobStatus,
} from './job-record.js';
export { defaultJobId, type JobSpec } from './job-spec.js';
export { jobKinds, jobKindSchema, kindOfWorkflowType, type ModelJobKind, type WorkflowType } from './kinds.js';
export { manifestSchema, type BundleManifest, type BundleManifestFile } from './manifest.js';
export { backendName, modelMetadata, repoIdOf, revisionOf, safeName, sourceName, taskName } from './model-facts.js';
export { calendarOf, calendarRanges, type Calendar, type CalendarField, type CalendarRange } from './calendar.js';
export { durationMs, durationText, intervalText, parseInterval, type Interval } from './duration.js';
export {
  overlapPolicies,
  parseJobSchedule,
  scheduleIdOf,
  type JobSchedule,
  type JobScheduleInput,
  type OverlapPolicy,
} from './schedule.js';
export {
  backendNames,
  backendSchema,
  modelSpecSchema,
  modelTaskSchema,
  taskNames,
  type FileRequest,
  type ModelBackend,
  type ModelSource,
  type ModelSpec,
  type ModelTask,
} from './model-spec.js';
export { jobOptionsSchema, type JobOptions } from './options.js';
export { judgeInputs, looksForInputs, missingText, type InputFacts, type MissingInput } from './missing-inputs.js';
export { parseWith } from './parse.js';
export { fillPlaceholders, type Moment } from './placeholders.js';
export {
  maxRequestBytes,
  outputArtifactId,
  planJob,
  planModelAccess,
  planRequest,
  type AccessPlan,
  type ExecutionPlan,
} from './plan-access.js';
export { pathsOf, planBundle, planModelBundle, type BundlePlan, type BundlePlanFile } from './plan-bundle.js';
export { modelPresets, modelSpecFromPreset, type ModelPreset } from './presets.js';
export {
  furthestProgress,
  progressSchema,
  readHeartbeat,
  type HeartbeatDetails,
  type JobProgress,
} from './progress.js';
export {
  jobRequestSchema,
  parseModelAccessJobRequest,
  requestJsonSchema,
  type ModelAccessJobRequest,
  type ModelAccessJobRequestInput,
  type ModelJobInput,
} from './request.js';
export {
  diagnosticSchema,
  jobResultSchema,
  resultOf,
  type Diagnostic,
  type JobOutcome,
  type ModelAccessJobResult,
} from './result.js';
export { runSurfaceOperation, surfaceOperations, type SurfaceRequest, type SurfaceResponse } from './surface.js';
export {
  maxListedArtifacts,
  type BatchExcerpt,
  type BatchFacts,
  type BundleFacts,
  type BundleProblem,
  type CommandFacts,
  type InferenceFacts,
  type JsonValue,
  type RowError,
  type ShardFacts,
  type ShardPlan,
  type ValidationFacts,
  type WarmupFacts,
} from './facts.js';
export { describeProblem, judgeValidation } from './judge.js';
export { listedProblems, type ListedValidation } from './problem-list.js';
export { batchMemo, defaultTaskQueue, eventsMemo, queryNames, timeZoneMemo } from './queries.js';
export { compareCodePoints } from './text.js';
export { chooseFiles } from './choose-files.js';
export type {
  PartialDownload,
  StoreCommand,
  StoredBundle,
  StoreListing,
  StoreRemoval,
  VerifiedBundle,
} from './cache-facts.js';
export { addSample, rateOf, timeLeft, type RateSample } from './rate.js';
