import { z } from 'zod';
import { once } from '../shared/once.js';

export type SideEffect = 'none' | 'readsFiles' | 'writesFiles' | 'network' | 'externalProcess';

interface KindFacts {
  /** The kind string of job ids and manifests. */
  kindString: string;
  workflowType: `model${string}`;
  progressUnit: 'files' | 'steps' | 'inputs';
  sideEffects: readonly SideEffect[];
  /** What its plan promises: the bundle's files, its manifest, an output. */
  expects: readonly ('files' | 'manifest' | 'output')[];
  /** What it can't do without, beside its model. */
  needs?: 'network' | 'command';
}

/** Every kind of job, by its name in a request (the crate's `ModelJobKind`): what the crate and DESIGN fix for it. */
export const jobKinds = {
  Download: {
    kindString: 'model-download',
    workflowType: 'modelDownload',
    progressUnit: 'files',
    sideEffects: ['network', 'writesFiles'],
    expects: ['files', 'manifest'],
    needs: 'network',
  },
  MaterializeBundle: {
    kindString: 'model-materialize-bundle',
    workflowType: 'modelMaterializeBundle',
    progressUnit: 'files',
    sideEffects: ['readsFiles', 'writesFiles'],
    expects: ['files', 'manifest'],
  },
  ValidateBundle: {
    kindString: 'model-validate-bundle',
    workflowType: 'modelValidateBundle',
    progressUnit: 'files',
    sideEffects: ['readsFiles'],
    expects: ['manifest'],
  },
  Warmup: {
    kindString: 'model-warmup',
    workflowType: 'modelWarmup',
    progressUnit: 'steps',
    sideEffects: ['none'],
    expects: [],
  },
  Inference: {
    kindString: 'model-inference',
    workflowType: 'modelInference',
    progressUnit: 'steps',
    sideEffects: ['none'],
    expects: ['output'],
  },
  BatchInference: {
    kindString: 'model-batch-inference',
    workflowType: 'modelBatchInference',
    progressUnit: 'inputs',
    sideEffects: ['none'],
    expects: ['output'],
  },
  ExternalCommand: {
    kindString: 'model-external-command',
    workflowType: 'modelExternalCommand',
    progressUnit: 'steps',
    sideEffects: ['externalProcess'],
    expects: ['output'],
    needs: 'command',
  },
} as const satisfies Record<string, KindFacts>;

export type ModelJobKind = keyof typeof jobKinds;

/** The facts of a kind. */
export function kindFacts(kind: ModelJobKind): KindFacts {
  return jobKinds[kind];
}

const kindNames = Object.keys(jobKinds) as [ModelJobKind, ...ModelJobKind[]];

/** A kind, as it stands in a request. */
export const jobKindSchema = once(() => z.enum(kindNames));

/** The kind that a workflow type runs, or undefined for a workflow that is not ours. */
export function kindOfWorkflowType(workflowType: string): ModelJobKind | undefined {
  return kindNames.find((kind) => jobKinds[kind].workflowType === workflowType);
}
