import type { OwnVoice, OwnVoices } from '@sotto/queue';
import { voiceFileKey } from '@sotto/storage';
import { forgetJob, type LeaveDeps, leaveRun } from '../jobs/leave.ts';

export interface RemoveVoicesDeps extends LeaveDeps {
  ownVoices: OwnVoices;
}

/**
 * Deletes a voice, or a consent with all voices that it was given for: the record first, so that nothing speaks with them from then on,
 * then their files and what is still being made of them. What cannot be removed now is removed by the sweep.
 * @returns how many records there were
 */
export async function removeVoices(keyId: string | null, id: string, deps: RemoveVoicesDeps): Promise<number> {
  const voices = await deps.ownVoices.voices(keyId);
  const gone = await deps.ownVoices.delete(keyId, id);
  for (const each of gone) {
    const made = voices.find((voice) => voice.id === each);
    if (made !== undefined) await removeJob(made, deps).catch(() => {});
    await deps.storage.delete(voiceFileKey(keyId, each)).catch(() => false);
  }
  return gone.length;
}

/** Its result says how the voice is made. */
async function removeJob({ jobId }: OwnVoice, deps: RemoveVoicesDeps): Promise<void> {
  const view = await deps.runs.view(jobId);
  if (view === null || view === 'expired') return;
  if (view.run.status === 'processing') await leaveRun(jobId, deps);
  else await forgetJob(jobId, deps);
}

/** All of a key, which is gone. */
export async function removeAllVoices(
  keyId: string,
  {
    ownVoices,
    storage,
  }: { ownVoices: Pick<OwnVoices, 'voices' | 'consents' | 'deleteAll'>; storage: LeaveDeps['storage'] },
): Promise<void> {
  const all = [...(await ownVoices.voices(keyId)), ...(await ownVoices.consents(keyId))];
  await ownVoices.deleteAll(keyId);
  for (const { blobKey } of all) await storage.delete(blobKey).catch(() => false);
}
