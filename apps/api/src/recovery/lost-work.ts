import { SottoError } from '@sotto/contracts';
import type { AttachInput, Recovery } from '@sotto/queue';
import { type BlobStore, batchManifestName, type Manifests } from '@sotto/storage';

export interface LostWorkDeps {
  recovery: Recovery;
  manifests: Manifests;
  /** Where the uploads are. */
  storage: BlobStore;
  /** A job that Redis had lost is there again. */
  onRestored(jobId: string): void;
}

export type Restored =
  | 'restored'
  /** Not by this build, or not now; or it is not lost. */
  | 'later'
  /** There is no manifest, or nothing can be made of it any more: its upload or its batch is gone. */
  | 'never';

/** Makes anew, from its manifest, what was accepted and what Redis has lost. */
export class LostWork {
  readonly #deps: LostWorkDeps;

  constructor(deps: LostWorkDeps) {
    this.#deps = deps;
  }

  /** @throws SottoError `queue_unavailable`, `storage_unavailable` */
  async restoreRequest(id: string): Promise<Restored> {
    const request = await this.#read(id);
    if (typeof request === 'string') return request;
    // It may be another key's, or have come back meanwhile.
    if (!(await this.#isLost(id))) return 'later';
    const { batchId } = request.delivery;
    // Its batch comes with all its items. One that was never accepted is nobody's, and so are they.
    if (batchId === undefined || (await this.#deps.recovery.knowsBatch(batchId))) return this.#restore(request);
    return this.restoreBatch(batchId);
  }

  /** With its items. @throws the same */
  async restoreBatch(id: string): Promise<Restored> {
    const { manifests, recovery } = this.#deps;
    const text = await manifests.read(batchManifestName(id));
    if (text === null) return 'never';
    const batch = recovery.readBatch(text);
    if (batch === null || (await recovery.stateOfBatch(id)).kind !== 'lost') return 'later';
    // The items first: one that a batch does not find counts as deleted.
    const items = await this.#restoreItems(batch.items.flatMap(({ requestId }) => requestId ?? []));
    if (items === 'restored') await recovery.restoreBatch(batch);
    return items;
  }

  /** `never`: none of them is there, or can be: their batch ended long ago, and expired with them. */
  async #restoreItems(ids: readonly string[]): Promise<Restored> {
    const outcomes: Restored[] = [];
    for (const [i, { kind }] of (await this.#deps.recovery.statesOf(ids)).entries()) {
      if (kind === 'lost') {
        const request = await this.#read(ids[i] ?? '');
        outcomes.push(typeof request === 'string' ? request : await this.#restore(request));
      } else if (kind !== 'gone') outcomes.push('restored');
    }
    return ALL_RESTORED.find((outcome) => outcomes.includes(outcome)) ?? 'never';
  }

  async #isLost(id: string): Promise<boolean> {
    const [state] = await this.#deps.recovery.statesOf([id]);
    return state?.kind === 'lost';
  }

  async #read(id: string): Promise<AttachInput | Exclude<Restored, 'restored'>> {
    const { manifests, recovery, storage } = this.#deps;
    const text = await manifests.read(id);
    if (text === null) return 'never';
    const request = recovery.readRequest(text);
    if (request === null) return 'later';
    return (await storage.stat(request.input.blobKey)) === null ? 'never' : request;
  }

  async #restore(request: AttachInput): Promise<Restored> {
    const { recovery, onRestored } = this.#deps;
    try {
      await recovery.restoreRequest(request);
    } catch (error) {
      if (error instanceof SottoError && error.code === 'quota_exceeded') return 'later';
      throw error;
    }
    onRestored(request.requestId);
    return 'restored';
  }
}

/** A batch waits for all of its items that can still be restored. */
const ALL_RESTORED = ['later', 'restored'] as const satisfies readonly Restored[];
