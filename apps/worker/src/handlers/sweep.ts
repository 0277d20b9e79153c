import type { ApiKeys, Handlers, HeldBlobs, OwnVoices, Sweeper } from '@sotto/queue';
import {
  audioKeyOf,
  type BlobStore,
  batchManifestName,
  blobNameOf,
  type Manifests,
  runIdOfAudio,
} from '@sotto/storage';
import type { OnWorkerEvent } from '../events/worker-event.ts';
import type { OutboxReaders } from '../outbox/outbox-readers.ts';
import { removeVoiceFiles } from '../runs/voice-files.ts';
import type { PieceCache } from '../synthesis/kept/piece-cache.ts';

export interface SweepDeps {
  sweeper: Sweeper;
  blobs: BlobStore;
  ownVoices: Pick<OwnVoices, 'has'>;
  /**
   * Younger blobs are left alone. Far longer than it takes to attach a run to an upload, or to store the plan of
   * decoded audio: until then, nothing else shows that they are needed.
   */
  leftoverAgeMs: number;
  manifests: Manifests;
  /** For so long after the end of a run, its decoded audio is none: the end may be lost. */
  keepMs: number;
  onEvent: OnWorkerEvent;
  outbox: Pick<OutboxReaders, 'wake'>;
  apiKeys: Pick<ApiKeys, 'list'>;
  pieceCache: Pick<PieceCache, 'sweep'>;
}

/**
 * Repairs runs whose job has vanished, reads the outbox, and removes blobs that no run needs and what dead processes
 * left half written.
 */
export function sweepHandler(deps: SweepDeps): Handlers['sweep'] {
  return async (_payload, { signal }) => {
    const { sweeper, blobs, manifests, leftoverAgeMs, onEvent } = deps;
    const report = await sweeper.sweep(undefined, (batchId) => manifests.has(batchManifestName(batchId)));
    const isKept = { uploads: uploadIsKept(manifests), audio: audioIsKept(deps) };
    deps.outbox.wake();
    const newestMs = Date.now() - leftoverAgeMs;
    let removed = await removeResults(deps, signal);
    const held: HeldBlobs = { uploads: 0, uploadBytes: 0, audioBytes: 0 };
    for (const kind of ['uploads', 'audio'] as const) {
      for await (const { key, modifiedMs, bytes } of blobs.list(kind)) {
        signal.throwIfAborted();
        const owner = kind === 'audio' ? audioKeyOf(runIdOfAudio(key)) : key;
        const isNeeded = modifiedMs > newestMs || report.blobKeysInUse.has(owner);
        if (isNeeded || (await isKept[kind](key))) countHeld(held, kind, bytes);
        else if (await blobs.delete(key)) removed++;
      }
    }
    for (const requestId of report.abandonedRequestIds) await manifests.remove(requestId);
    for (const key of report.abandonedBlobKeys) {
      if (!report.blobKeysInUse.has(key) && (await blobs.delete(key))) removed++;
    }
    removed += await deps.pieceCache.sweep(() => revokedKeys(deps.apiKeys), signal);
    removed += await removeVoiceFiles(deps, signal);
    const temporary = await blobs.sweepTemporary(leftoverAgeMs);
    const mended = {
      resubmitted: report.resubmitted.length,
      failed: report.failed.length,
      cancelled: report.cancelled.length,
    };
    await sweeper.log.add({ ...mended, removed: removed + temporary }, held);
    onEvent({ type: 'swept', blobs: removed, temporary, ...mended });
  };
}

async function revokedKeys(apiKeys: Pick<ApiKeys, 'list'>): Promise<string[]> {
  const keys = await apiKeys.list();
  return keys.filter(({ revokedAtMs }) => revokedAtMs !== null).map(({ id }) => id);
}

/** Redis may have lost its request, or it ended just now. */
function uploadIsKept(manifests: Manifests): (key: string) => Promise<boolean> {
  let named: Promise<Set<string>> | null = null;
  return async (key) => {
    // A request has the id of its upload; those that share the work of another name that of the other.
    if (await manifests.has(blobNameOf(key))) return true;
    named ??= manifests.blobKeys();
    return (await named).has(key);
  };
}

function audioIsKept({ sweeper, keepMs }: SweepDeps): (key: string) => Promise<boolean> {
  return async (key) => {
    const staysUntilMs = await sweeper.audioStaysUntilMs(runIdOfAudio(key), keepMs);
    return staysUntilMs !== null && Date.now() < staysUntilMs;
  };
}

function countHeld(held: HeldBlobs, kind: 'uploads' | 'audio', bytes: number): void {
  if (kind === 'uploads') held.uploads++;
  held[kind === 'uploads' ? 'uploadBytes' : 'audioBytes'] += bytes;
}

/** Blobs that are checked in one round trip. */
const PAGE = 500;

/** Results in storage have the name of their run, and are removed when it has expired. */
async function removeResults({ sweeper, blobs }: SweepDeps, signal: AbortSignal): Promise<number> {
  let removed = 0;
  const remove = async (keys: readonly string[]) => {
    signal.throwIfAborted();
    const forgotten = await sweeper.forgotten(keys.map(blobNameOf));
    for (const key of keys) if (forgotten.has(blobNameOf(key)) && (await blobs.delete(key))) removed++;
  };
  let page: string[] = [];
  for await (const { key } of blobs.list('results')) {
    page.push(key);
    if (page.length < PAGE) continue;
    await remove(page);
    page = [];
  }
  if (page.length > 0) await remove(page);
  return removed;
}
