import { createHash } from 'node:crypto';
import type { RunKind } from '@sotto/contracts';

export interface WorkIdentity {
  kind: RunKind;
  /** Of the uploaded bytes. */
  sha256: string;
  /** `model` already resolved. */
  options: object;
  /** Keys never share results. */
  keyId: string | null;
}

/**
 * Equal for two requests exactly when they would get the same result from the same model file, which Runs.attach compares:
 * its digest may become known while the work waits for its first worker. The field order of an object does not matter.
 */
export function workKeyOf({ kind, sha256, options, keyId }: WorkIdentity): string {
  const canonical = Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1));
  // Transcriptions name no kind: those of builds before run kinds are found by the same key.
  const identity = [sha256, canonical, keyId, ...(kind === 'transcription' ? [] : [kind])];
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex');
}
