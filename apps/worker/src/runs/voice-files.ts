import type { OwnVoices } from '@sotto/queue';
import { type BlobStore, ownerOfVoiceFile } from '@sotto/storage';

export interface VoiceFilesDeps {
  blobs: Pick<BlobStore, 'list' | 'delete'>;
  ownVoices: Pick<OwnVoices, 'has'>;
  /** Younger ones may be about to get their record. */
  leftoverAgeMs: number;
}

/** Removes consents and samples that no record names: whoever wrote or deleted one has died in between. @returns how many */
export async function removeVoiceFiles(
  { blobs, ownVoices, leftoverAgeMs }: VoiceFilesDeps,
  signal: AbortSignal,
): Promise<number> {
  const newestMs = Date.now() - leftoverAgeMs;
  let removed = 0;
  for await (const { key, modifiedMs } of blobs.list('voices')) {
    signal.throwIfAborted();
    if (modifiedMs > newestMs) continue;
    const owner = ownerOfVoiceFile(key);
    const isNeeded = owner !== null && (await ownVoices.has(owner.keyId, owner.id));
    if (!isNeeded && (await blobs.delete(key))) removed++;
  }
  return removed;
}
