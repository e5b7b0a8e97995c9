import { bundleRoot } from '../../workspace/layout.js';
import type { BundleStore } from '../store.js';
import type { ModelTrust } from './trust.js';

/** Uses only models that are trusted. */
export function useTrusted(home: string, use: BundleStore['use'], trust: ModelTrust): BundleStore['use'] {
  return (request, work, run) =>
    use(request, work, async (model) => {
      const { root, identity } = model;
      const place = bundleRoot(home, request.spec);
      await trust(request, { bundleRoot: root, place, commit: identity.commit }, work);
      return run(model);
    });
}
