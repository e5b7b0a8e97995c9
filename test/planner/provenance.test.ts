import { describe, expect, it } from 'vitest';
import {
  commitIdentity,
  compareOutputs,
  parseModelAccessJobRequest,
  pinnedModel,
  provenanceMetadata,
  provenanceOf,
  repeatableRequest,
  traced,
  versionIdentity,
  type ModelAccessJobResult,
  type ProvenanceFacts,
} from '../../planner/index.js';

const [commit, digest] = ['c'.repeat(40), 'd'.repeat(64)];
const model = commitIdentity('demo/model', commit, digest);
const request = parseModelAccessJobRequest({
  kind: 'BatchInference',
  backend: 'onnx',
  spec: {
    name: 'm',
    task: 'text_classification',
    source: { kind: 'hugging_face', repo_id: 'demo/model', revision: 'main' },
    files: [{ required: 'config.json' }],
  },
  inputs: [{ kind: 'localPath', value: '/data/a.jsonl' }],
  options: { parameters: { top_k: 3 } },
});
const onnx = { name: 'onnx', version: 'onnxruntime-node 1.30.0' };
const facts: ProvenanceFacts = {
  product: { name: 'model-jobs', version: '0.1.0' },
  request,
  requestDigest: 'a'.repeat(64),
  model,
  backends: [onnx, onnx],
  inputsDigest: 'b'.repeat(64),
  files: [{ location: '/data/a.jsonl', sizeBytes: 7, modifiedMs: 1 }],
};

describe('a provenance', () => {
  it('tells model, backend, parameters, request, inputs and product, as metadata too', () => {
    const provenance = provenanceOf(facts);
    expect(provenance).toMatchObject({ model, backends: [onnx], parameters: { top_k: 3 }, inputs: { count: 1 } });
    expect(provenanceMetadata(provenance)).toEqual({
      'model.identity': 'demo/model@cccccccccccc',
      'model.commit': commit,
      'model.digest': digest,
      'backend.version': 'onnx onnxruntime-node 1.30.0',
      'request.parameters': '{"top_k":3}',
      'request.digest': 'a'.repeat(64),
      'inputs.digest': 'b'.repeat(64),
      'product.version': 'model-jobs 0.1.0',
    });
  });

  it('leaves the metadata that an artifact has', () => {
    const artifact = { id: 'output', kind: 'json', mediaType: 'application/json', uri: 'file:///o' } as const;
    const [made] = traced([{ ...artifact, metadata: { 'model.commit': 'own' } }], provenanceOf(facts));
    expect(made?.metadata).toMatchObject({ 'model.commit': 'own', 'model.digest': digest });
  });

  it('is small whatever the number of files and the length of parameters', () => {
    const labels = Array.from({ length: 5000 }, (_, index) => `label ${index}`);
    const many = Array.from({ length: 5000 }, (_, index) => ({ location: `/data/${index}.jsonl`, sizeBytes: index }));
    const large = { ...request, options: { parameters: { candidate_labels: labels } } };
    const provenance = provenanceOf({ ...facts, request: large, files: many });
    expect(provenance.parameters).toBeNull();
    expect(provenance.inputs.files).toHaveLength(100);
    expect(JSON.stringify(provenanceMetadata(provenance)).length).toBeLessThan(1000);
  });
});

describe('the model that a job has pinned, for people', () => {
  it.each([
    ['of a repository', model, `demo/model@${commit}`],
    ['of a program', versionIdentity('./run', 'sha256:12', digest), './run (sha256:12)'],
  ])('%s', (_name, identity, text) => {
    expect(pinnedModel(provenanceMetadata(provenanceOf({ ...facts, model: identity })))).toBe(text);
    expect(pinnedModel({})).toBeUndefined();
  });
});

describe('the request that makes outputs again', () => {
  it('names the commit that ran', () => {
    expect(repeatableRequest(request, model).spec.source).toMatchObject({ repo_id: 'demo/model', revision: commit });
    expect(repeatableRequest(request, null)).toEqual(request);
  });

  it('names what stood in for the model', () => {
    const again = repeatableRequest(request, model, { used: 'heuristic', reason: 'no network' });
    expect(again).toMatchObject({ backend: 'heuristic', options: { fallback: null, parameters: { top_k: 3 } } });
  });

  it('runs all rows of a retry, but for one whose rows were mended apart', () => {
    const retryOf = { jobId: 'first', runId: 'run' };
    const retry = (batch: object) => ({ ...request, options: { batch: { shardSize: 5, ...batch } } });
    expect(repeatableRequest(retry({ retryOf }), model).options?.batch).toEqual({ shardSize: 5 });
    const mended = { ...retryOf, mended: [{ kind: 'localPath' as const, value: '/data/mended.jsonl' }] };
    expect(repeatableRequest(retry({ retryOf: mended }), model).options?.batch).toMatchObject({ retryOf: mended });
  });
});

describe('outputs that were made again', () => {
  const output = {
    id: 'output',
    kind: 'json',
    mediaType: 'application/x-ndjson',
    uri: 'file:///o',
    metadata: {},
  } as const;
  const manifest = { rows: 1, succeeded: 1, failed: 0, artifacts: [{ ...output, sha256: digest }] };
  const result = (sha256: string, changes: Partial<ProvenanceFacts> = {}): ModelAccessJobResult => ({
    ...{ jobId: 'again', kind: 'BatchInference', spec: request.spec, backend: 'onnx', diagnostics: [] },
    artifacts: [{ ...output, sha256 }],
    provenance: provenanceOf({ ...facts, ...changes }),
  });

  it('are the same by their digests', () => {
    const comparison = compareOutputs({ ...manifest, provenance: provenanceOf(facts) }, result(digest));
    expect(comparison).toMatchObject({ same: true, differences: [] });
  });

  it('differ, and what may be why is told', () => {
    const newer = [{ name: 'onnx', version: 'onnxruntime-node 1.31.0' }];
    const comparison = compareOutputs(
      { ...manifest, provenance: provenanceOf(facts) },
      result('e'.repeat(64), { backends: newer }),
    );
    expect(comparison).toMatchObject({
      same: false,
      outputs: [{ id: 'output', same: false }],
      differences: [{ what: 'backend', before: 'onnx onnxruntime-node 1.30.0', now: 'onnx onnxruntime-node 1.31.0' }],
    });
  });
});
