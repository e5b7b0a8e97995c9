import type { Diagnostic } from './diagnostic.js';

/** What a model computes on, where its runtime has a choice. */
export interface DeviceFacts {
  /** `cpu`, `webgpu` or `cuda`. */
  device?: string;
  /** Why that is not what the worker's operator asked for. */
  deviceWarning?: string;
}

/** The facts of a device, of which a runtime may tell nothing. */
export function deviceFacts(told: { [Fact in keyof DeviceFacts]?: DeviceFacts[Fact] | undefined }): DeviceFacts {
  const { device, deviceWarning } = told;
  return { ...(device !== undefined && { device }), ...(deviceWarning !== undefined && { deviceWarning }) };
}

/** The remark on a result that was computed on another device than the operator asked for. */
export function deviceDiagnostics(warning: string | undefined): Diagnostic[] {
  if (warning === undefined) return [];
  return [{ severity: 'warning', code: 'model.device', message: warning, source: 'MODEL_JOBS_DEVICE' }];
}
