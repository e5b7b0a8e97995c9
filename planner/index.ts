/**
 * The planner: pure functions from a request to a plan. It knows no clock, no disk and no Temporal.
 *
 * @module
 */
export {
  fileArtifactId,
  fileKind,
  fileMediaType,
  fileRole,
  type ArtifactKind,
  type ArtifactRef,
} from './request/artifact.js';
export {
  fallbackDiagnostic,
  fallbackFactsSchema,
  hasHeuristic,
  heuristicTasks,
  planFallback,
  withoutWaiting,
  type FallbackFacts,
  type HeuristicTask,
} from './job/fallback.js';
export { errorsLeft, tooManyErrors, tooManyErrorsError } from './batch/error-limit.js';
export { BatchLedger, type LedgerState, type ShardStart } from './batch/ledger.js';
export {
  batchMessage,
  batchMetadata,
  countsMetadata,
  defaultConcurrency,
  readBatchMetadata,
  type BatchPhase,
  type BatchStatus,
} from './batch/status.js';
export { addCounts, codesText, countRows, countsBeyond, type RowCounts } from './job/row-counts.js';
export { batchDiagnostics, failureBeyond, hasNoSuccess, judgeBatchEnd, type FailureLimit } from './batch/judge-end.js';
export { checkSteering, steeringNames, type SteeringName } from './batch/steering.js';
export {
  errorCodes,
  isErrorCode,
  ModelJobError,
  type ModelJobErrorCode,
  type ModelJobProblem,
} from './shared/errors.js';
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
} from './job/job-record.js';
export { type JobSpec } from './job/job-spec.js';
export { type CommandOptions } from './request/command-options.js';
export { jobKinds, jobKindSchema, kindOfWorkflowType, type ModelJobKind } from './request/kinds.js';
export {
  commitIdentity,
  filesIdentity,
  isSameModel,
  modelDigestText,
  modelIdentitySchema,
  versionIdentity,
  type ModelIdentity,
} from './model/identity.js';
export { manifestSchema, type BundleManifest, type BundleManifestFile } from './bundle/manifest.js';
export {
  backendName,
  modelMetadata,
  repoIdOf,
  revisionOf,
  safeName,
  sourceName,
  taskName,
} from './request/model-facts.js';
export { calendarOf, calendarRanges, type Calendar, type CalendarRange } from './schedule/calendar.js';
export { durationMs, durationText, intervalText, parseInterval } from './schedule/duration.js';
export {
  overlapPolicies,
  parseJobSchedule,
  scheduleIdOf,
  type JobSchedule,
  type JobScheduleInput,
  type OverlapPolicy,
} from './schedule/schedule.js';
export {
  backendNames,
  taskNames,
  type FileRequest,
  type ModelBackend,
  type ModelSource,
  type ModelSpec,
  type ModelTask,
} from './request/model-spec.js';
export { openAiEndpoints } from './request/check-outputs.js';
export { jobOptionsSchema, type JobOptions } from './request/options.js';
export { judgeInputs, looksForInputs, missingText, type InputFacts, type MissingInput } from './job/missing-inputs.js';
export { canonicalRequest, requestDifference } from './request/canonical.js';
export { canonicalJson } from './shared/canonical-json.js';
export type { Diagnostic } from './job/diagnostic.js';
export { deviceDiagnostics, deviceFacts, type DeviceFacts } from './job/device.js';
export { lengthOf, truncationDiagnostics, type OutputMetadata } from './job/truncation.js';
export { nearestName } from './shared/nearest.js';
export { parseStored, parseWith } from './shared/parse.js';
export { fillPlaceholders, type Moment } from './request/placeholders.js';
export {
  maxRequestBytes,
  outputArtifactId,
  planJob,
  planModelAccess,
  planRequest,
  type AccessPlan,
  type ExecutionPlan,
} from './plan/plan-access.js';
export { planModelBundle, type BundlePlan, type BundlePlanFile } from './plan/plan-bundle.js';
export { modelPresets, modelSpecFromPreset, type ModelPreset } from './presets/presets.js';
export { furthestProgress, readHeartbeat, type HeartbeatDetails, type JobProgress } from './job/progress.js';
export { readStepReport, retryMetadata, retryOf, type StepReport, type StepRetry } from './job/step-report.js';
export {
  beginTry,
  defaultRetryLimits,
  failTry,
  maxDeaths,
  noteProgress,
  type PassingFault,
  type RetryLimits,
  type Tries,
} from './job/tries.js';
export {
  jobRequestSchema,
  parseModelAccessJobRequest,
  requestJsonSchema,
  type ModelAccessJobRequest,
  type ModelAccessJobRequestInput,
} from './request/request.js';
export { type ModelJobInput } from './request/input.js';
export { jobResultSchema, resultOf, type JobOutcome, type ModelAccessJobResult } from './job/result.js';
export {
  runSurfaceOperation,
  surfaceOperations,
  type SurfaceRequest,
  type SurfaceResponse,
} from './surface/surface.js';
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
} from './job/facts.js';
export { describeProblem, judgeValidation } from './bundle/judge-validation.js';
export { listedProblems, type ListedValidation } from './bundle/problem-list.js';
export {
  batchMemo,
  defaultTaskQueue,
  eventsMemo,
  provenanceMemo,
  queryNames,
  stepSignal,
  timeZoneMemo,
} from './job/names.js';
export {
  distinct,
  identityMetadata,
  pinnedModel,
  provenanceOf,
  traced,
  provenanceMetadata,
  type InputFile,
  type Provenance,
  type ProvenanceFacts,
  type Version,
} from './job/provenance.js';
export { parseBatchManifest, type BatchManifest } from './batch/manifest.js';
export { repeatableRequest } from './batch/repeatable-request.js';
export { compareOutputs, type Comparison } from './batch/compare-outputs.js';
export { compareCodePoints, isJson } from './shared/text.js';
export { modelFilesSchema, type ModelFiles } from './bundle/model-files.js';
export { chooseFiles } from './plan/choose-files.js';
export { shardsOf } from './plan/shards-of.js';
export {
  isOpen,
  isShardIndex,
  namedPaths,
  needsListing,
  pathsOf,
  selectionKey,
  selectionOf,
  selectsFiles,
  type FileSelection,
} from './request/file-selection.js';
export {
  storeCommandSchema,
  storeListingSchema,
  storeRemovalSchema,
  verifiedBundlesSchema,
  type PartialDownload,
  type StoreCommand,
  type StoredBundle,
  type StoreListing,
  type EarlierRun,
  type StoreRemoval,
  type VerifiedBundle,
} from './bundle/store-facts.js';
export {
  signedFolderSchema,
  signingCommandSchema,
  verifiedFolderSchema,
  type SignCommand,
  type SignedFolder,
  type SigningCommand,
  type VerifiedFolder,
  type VerifyCommand,
} from './bundle/signing-facts.js';
export { addSample, rateOf, timeLeft, type RateSample } from './job/rate.js';
