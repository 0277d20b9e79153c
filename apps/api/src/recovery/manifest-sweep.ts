import { asSottoError } from '@sotto/contracts';
import type { ManifestState, Recovery } from '@sotto/queue';
import type { Logger } from '@sotto/runtime';
import { audioKeyOf, type BlobStore, batchIdOf, blobKeysOf, type ListedManifest, type Manifests } from '@sotto/storage';
import type { ApiSettings } from '../settings/settings.ts';
import type { LostWork, Restored } from './lost-work.ts';

export interface ManifestSweepDeps {
  recovery: Recovery;
  manifests: Manifests;
  storage: BlobStore;
  lostWork: LostWork;
  settings: Pick<ApiSettings, 'keepAfterEndMs'>;
  logger: Pick<Logger, 'warning'>;
}

const LONGEST_INTERVAL_MS = 30_000;
const SHORTEST_INTERVAL_MS = 5_000;
/** The process that has written a younger one may just be accepting its work. */
const YOUNG_MS = 60_000;
/** Requests that are looked up in one round trip. */
const PAGE = 500;
/** What is away is tried again by the next sweep, and others tell of it. */
const AWAY = ['queue_unavailable', 'storage_unavailable'];

/**
 * Looks at all manifests twice a minute, one API for all of them: restores what Redis has lost, and removes what is kept
 * of work that ended long enough ago. Workers remove what they have done themselves, unless they stop before its time or
 * are of an earlier build.
 */
export class ManifestSweep {
  readonly #deps: ManifestSweepDeps;
  #timer: NodeJS.Timeout | undefined;
  #sweeping: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(deps: ManifestSweepDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#sweeping = this.#sweepOnce().finally(() => {
      if (!this.#isStopped) this.#timer = setTimeout(() => this.start(), this.#intervalMs).unref();
    });
  }

  /** Resolves when it does nothing any more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#sweeping;
  }

  /** What is not to be kept does not stay for long. */
  get #intervalMs(): number {
    return Math.min(LONGEST_INTERVAL_MS, Math.max(SHORTEST_INTERVAL_MS, this.#deps.settings.keepAfterEndMs));
  }

  async #sweepOnce(): Promise<void> {
    try {
      if (await this.#deps.recovery.takesTurn('recovery', this.#intervalMs - 1000)) await this.sweep();
    } catch (thrown) {
      const error = asSottoError(thrown);
      if (!AWAY.includes(error.code)) this.#deps.logger.warning('Manifests could not be looked at', { error });
    }
  }

  /** @throws SottoError `queue_unavailable`, `storage_unavailable` */
  async sweep(): Promise<void> {
    let page: ListedManifest[] = [];
    for await (const manifest of this.#deps.manifests.list()) {
      if (this.#isStopped) return;
      const batchId = batchIdOf(manifest.name);
      if (batchId !== null) await this.#lookAtBatch(batchId, manifest);
      else if (page.push(manifest) === PAGE) {
        await this.#lookAtRequests(page);
        page = [];
      }
    }
    if (page.length > 0) await this.#lookAtRequests(page);
  }

  async #lookAtRequests(page: readonly ListedManifest[]): Promise<void> {
    const states = await this.#deps.recovery.statesOf(page.map(({ name }) => name));
    for (const [i, manifest] of page.entries()) {
      if (this.#isStopped) return;
      const state = states[i] ?? { kind: 'processing' };
      await this.#settle(manifest, state, () => this.#deps.lostWork.restoreRequest(manifest.name));
    }
  }

  async #lookAtBatch(id: string, manifest: ListedManifest): Promise<void> {
    const state = await this.#deps.recovery.stateOfBatch(id);
    await this.#settle(manifest, state, () => this.#deps.lostWork.restoreBatch(id));
  }

  async #settle(
    { name, writtenAtMs }: ListedManifest,
    state: ManifestState,
    restore: () => Promise<Restored>,
  ): Promise<void> {
    const { manifests, settings } = this.#deps;
    const nowMs = Date.now();
    if (state.kind === 'gone') await manifests.remove(name);
    else if (state.kind === 'lost' && nowMs - writtenAtMs > YOUNG_MS) {
      if ((await restore()) === 'never') await manifests.remove(name);
    } else if (state.kind === 'ended') {
      const untilMs = Math.max(state.endedAtMs, writtenAtMs) + settings.keepAfterEndMs;
      if (nowMs >= untilMs) await this.#removeEnded(name, state.runId);
    }
  }

  /** The manifest first: without its upload, nothing could be made of it. */
  async #removeEnded(name: string, runId: string | null): Promise<void> {
    const { manifests, storage } = this.#deps;
    const text = (await manifests.read(name)) ?? '';
    const blobKeys = blobKeysOf(text);
    await manifests.remove(name);
    if (runId !== null && !this.#keepsAudio(text)) blobKeys.push(audioKeyOf(runId));
    for (const key of blobKeys) await storage.delete(key);
  }

  /** For longer than the rest; the sweep of the workers removes it when its time is up. */
  #keepsAudio(manifest: string): boolean {
    const options = this.#deps.recovery.readRequest(manifest)?.options;
    return options !== undefined && 'keepAudioSeconds' in options;
  }
}
