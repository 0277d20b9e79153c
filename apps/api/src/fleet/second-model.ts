import { createHash } from 'node:crypto';
import { SottoError } from '@sotto/contracts';
import { type ModelWishes, type ResolvedModel, resolveModel } from './resolve.ts';
import type { Fleet } from './worker-directory.ts';

export interface SecondModel {
  name: string;
  /** 0 to 1, of the requests that name no model. */
  share: number;
}

/** What must always get the same model, so that requests for the same work still share a run. */
export interface SharedWork {
  /** Of the recording. */
  sha256: string;
  keyId: string | null;
}

/**
 * The second model for work that falls into its share; null for other work, and where it cannot do the work: nothing
 * ever fails for the sake of a comparison.
 */
export function secondModelFor(
  asked: ModelWishes,
  work: SharedWork,
  fleet: Fleet,
  { name, share }: SecondModel,
): ResolvedModel | null {
  if (asked.model !== null || positionOf(work) >= share) return null;
  try {
    const second = resolveModel({ ...asked, model: name }, fleet, null);
    // Before any worker was seen, a name of the catalogue is taken on trust, which is not enough here.
    return second.digest === null ? null : second;
  } catch (error) {
    if (error instanceof SottoError) return null;
    throw error;
  }
}

/** 0 <= position < 1, spread evenly. */
function positionOf({ sha256, keyId }: SharedWork): number {
  const hash = createHash('sha256')
    .update(JSON.stringify([sha256, keyId]))
    .digest();
  return hash.readUInt32BE() / 2 ** 32;
}
