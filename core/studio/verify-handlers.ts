import { standardsOf } from '../../contract/standard.ts';
import type { Verifier } from '../pdf/verify/verifier.ts';
import type { StudioHandlers } from './router.ts';

/** A PDF at hand: what is right and wrong with it. */
export function createVerifyHandlers(verifier: Verifier): Pick<StudioHandlers, 'verify.run'> {
  return {
    'verify.run': ({ bytes, standard, roots = [] }, { signal }) =>
      verifier.verify(bytes, { standards: standardsOf(standard), roots, signal }),
  };
}
