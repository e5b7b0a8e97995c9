import { describe, expect, it } from 'vitest';
import { commitIdentity, filesIdentity, isSameModel, modelDigestText } from '../../planner/index.js';

const digest = 'd'.repeat(64);
const commit = 'c'.repeat(40);

describe("a model's digest", () => {
  it('does not depend on the order in which its files are found', () => {
    const files = [
      { path: 'onnx/model.onnx', size: 2, sha256: 'b' },
      { path: 'config.json', size: 1, sha256: 'a' },
    ];
    expect(modelDigestText(files)).toBe('[["config.json",1,"a"],["onnx/model.onnx",2,"b"]]');
    expect(modelDigestText(files.toReversed())).toBe(modelDigestText(files));
  });

  it('tells a path, a size and a hash from each other whatever they hold', () => {
    expect(modelDigestText([{ path: 'a","b', size: 1, sha256: 'c' }])).not.toBe(
      modelDigestText([{ path: 'a', size: 1, sha256: 'b' }]),
    );
  });
});

describe('two identities', () => {
  it('are one model by their commit while the files of one are on their way', () => {
    expect(isSameModel(commitIdentity('o/n', commit, null), commitIdentity('o/n', commit, digest))).toBe(true);
    expect(isSameModel(commitIdentity('o/n', commit, null), commitIdentity('o/m', commit, digest))).toBe(false);
  });

  it('are two models where their digests differ, or one is of a repository', () => {
    expect(isSameModel(filesIdentity('m', digest), filesIdentity('m', 'e'.repeat(64)))).toBe(false);
    expect(isSameModel(filesIdentity('m', digest), commitIdentity('o/n', commit, digest))).toBe(false);
  });
});
