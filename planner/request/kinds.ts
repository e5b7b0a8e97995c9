import { z } from 'zod';
import { once } from '../shared/once.js';

/** The seven kinds of job, as they stand in a request (the crate's `ModelJobKind`). */
export const jobKindSchema = once(() =>
  z.enum([
    'Download',
    'MaterializeBundle',
    'ValidateBundle',
    'Warmup',
    'Inference',
    'BatchInference',
    'ExternalCommand',
  ]),
);

export type ModelJobKind = z.infer<ReturnType<typeof jobKindSchema>>;

export type WorkflowType =
  | 'modelDownload'
  | 'modelMaterializeBundle'
  | 'modelValidateBundle'
  | 'modelWarmup'
  | 'modelInference'
  | 'modelBatchInference'
  | 'modelExternalCommand';

export type SideEffect = 'none' | 'readsFiles' | 'writesFiles' | 'network' | 'externalProcess';

export interface KindFacts {
  /** The kind string of job ids and manifests. */
  kindString: string;
  workflowType: WorkflowType;
  progressUnit: 'files' | 'steps' | 'inputs';
  sideEffects: readonly SideEffect[];
}

/** What the crate and DESIGN fix for each kind. */
export const jobKinds: Readonly<Record<ModelJobKind, KindFacts>> = {
  Download: {
    kindString: 'model-download',
    workflowType: 'modelDownload',
    progressUnit: 'files',
    sideEffects: ['network', 'writesFiles'],
  },
  MaterializeBundle: {
    kindString: 'model-materialize-bundle',
    workflowType: 'modelMaterializeBundle',
    progressUnit: 'files',
    sideEffects: ['readsFiles', 'writesFiles'],
  },
  ValidateBundle: {
    kindString: 'model-validate-bundle',
    workflowType: 'modelValidateBundle',
    progressUnit: 'files',
    sideEffects: ['readsFiles'],
  },
  Warmup: {
    kindString: 'model-warmup',
    workflowType: 'modelWarmup',
    progressUnit: 'steps',
    sideEffects: ['none'],
  },
  Inference: {
    kindString: 'model-inference',
    workflowType: 'modelInference',
    progressUnit: 'steps',
    sideEffects: ['none'],
  },
  BatchInference: {
    kindString: 'model-batch-inference',
    workflowType: 'modelBatchInference',
    progressUnit: 'inputs',
    sideEffects: ['none'],
  },
  ExternalCommand: {
    kindString: 'model-external-command',
    workflowType: 'modelExternalCommand',
    progressUnit: 'steps',
    sideEffects: ['externalProcess'],
  },
};

/** The kind that a workflow type runs, or undefined for a workflow that is not ours. */
export function kindOfWorkflowType(workflowType: string): ModelJobKind | undefined {
  return jobKindSchema().options.find((kind) => jobKinds[kind].workflowType === workflowType);
}
