import { z } from 'zod';
import { once } from '../shared/once.js';

export type SideEffect = 'none' | 'readsFiles' | 'writesFiles' | 'network' | 'externalProcess';

interface KindFacts {
  /** The kind string of job ids and manifests. */
  kindString: string;
  workflowType: `model${string}`;
  progressUnit: 'files' | 'steps' | 'inputs';
  sideEffects: readonly SideEffect[];
}

/** Every kind of job, by its name in a request (the crate's `ModelJobKind`): what the crate and DESIGN fix for it. */
export const jobKinds = {
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
} as const satisfies Record<string, KindFacts>;

export type ModelJobKind = keyof typeof jobKinds;

const kindNames = Object.keys(jobKinds) as [ModelJobKind, ...ModelJobKind[]];

/** A kind, as it stands in a request. */
export const jobKindSchema = once(() => z.enum(kindNames));

/** The kind that a workflow type runs, or undefined for a workflow that is not ours. */
export function kindOfWorkflowType(workflowType: string): ModelJobKind | undefined {
  return kindNames.find((kind) => jobKinds[kind].workflowType === workflowType);
}
