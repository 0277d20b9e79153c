import { randomUUID } from 'node:crypto';
import {
  asSottoError,
  type ErrorCode,
  enginesOf,
  type LiveFormat,
  type LiveOptions,
  SottoError,
} from '@sotto/contracts';
import type { HeldLimits, LiveEvents, LiveRecording, LiveSessions } from '@sotto/queue';
import { checkModel } from '../fleet/allowed-model.ts';
import { resolveModel } from '../fleet/resolve.ts';
import type { WorkerDirectory } from '../fleet/worker-directory.ts';
import type { KeyShares } from '../http/key-shares.ts';
import type { Principal } from '../http/principal.ts';
import type { ApiSettings } from '../settings/settings.ts';
import { LiveConnection } from './live-connection.ts';

const RETRY_SECONDS = 10;

export interface LiveServiceDeps {
  settings: Pick<ApiSettings, 'defaultModel' | 'liveSessionsPerKey'>;
  sessions: LiveSessions;
  events: LiveEvents;
  directory: WorkerDirectory;
  keyShares: Pick<KeyShares, 'held'>;
  countLiveRefusal(code: ErrorCode): void;
}

/** Whose it is, what is sent, what is asked for, and what becomes of what is said (absent, null: it is not stored). */
type Opening = [principal: Principal, format: LiveFormat, asked: LiveOptions, recording?: LiveRecording | null];

/** Opens live sessions for the doors, and takes them up again. */
export class LiveService {
  readonly #deps: LiveServiceDeps;

  constructor(deps: LiveServiceDeps) {
    this.#deps = deps;
  }

  /**
   * Whether one more can be heard, for doors that can still refuse with a status; `open` looks again.
   *
   * @throws SottoError `live_full`
   */
  async mustHaveRoom(): Promise<void> {
    await this.#counted(async () => {
      const [open, most] = await Promise.all([this.#deps.sessions.count(), this.#capacity()]);
      if (open >= most) throw liveFull(most);
    });
  }

  /**
   * @throws SottoError `live_full`, `key_full`, `quota_exceeded`, `forbidden`, `model_not_available`, `model_loading`,
   *   `language_not_supported`, `queue_unavailable`
   */
  open(...asked: Opening): Promise<LiveConnection> {
    return this.#counted(() => this.#open(...asked));
  }

  async #open(...[principal, format, asked, recording = null]: Opening): Promise<LiveConnection> {
    const { sessions, settings, keyShares } = this.#deps;
    const { keyId, key } = principal;
    const name = await this.modelOf(asked, principal);
    const options = { ...asked, model: asked.model === null ? null : name };
    const id = randomUUID();
    const holder = randomUUID();
    const isStored = recording !== null;
    const [maxSessions, maxOfModel, maxStored] = await Promise.all([
      this.#capacity(),
      this.#capacity({ model: options.model, isStored }),
      this.#capacity({ isStored: true }),
    ]);
    if (maxOfModel === 0) throw liveFull(0);
    const own = key?.limits.concurrentJobs ?? settings.liveSessionsPerKey;
    const maxOfKey = keyId === null ? null : Math.min(own, settings.liveSessionsPerKey);
    const held: HeldLimits = isStored ? await keyShares.held(principal) : { openUploads: null, heldBytes: null };
    const limits = { maxSessions, maxOfModel, maxOfKey, maxStored, held };
    await sessions.open({ id, keyId, format, options, recording, holder }, limits);
    return this.resume(principal, id, holder);
  }

  /**
   * A client comes back, to this process or another; whichever connection had the session before loses it. Of a session that
   * is over, the events can still be had for five minutes.
   *
   * @throws SottoError `live_session_not_found`, `queue_unavailable`
   */
  async resume({ keyId }: Principal, id: string, holder: string = randomUUID()): Promise<LiveConnection> {
    const session = await this.#deps.sessions.take(id, keyId, holder);
    if (session === null) throw new SottoError('live_session_not_found', 'It may have ended some time ago.');
    return new LiveConnection(session, holder, this.#deps);
  }

  /**
   * The model that would hear, for doors that can still refuse with a status; `open` looks again. null: the workers' own.
   *
   * @throws SottoError `forbidden`, `model_not_available`, `model_loading`, `language_not_supported`, `queue_unavailable`
   */
  async modelOf(
    { model, language }: Pick<LiveOptions, 'model' | 'language'>,
    { key }: Principal,
  ): Promise<string | null> {
    const { directory, settings } = this.#deps;
    const { name } = resolveModel({ model, language }, await directory.freshFleet(), settings.defaultModel);
    checkModel(name, key);
    return name;
  }

  async #counted<T>(begin: () => Promise<T>): Promise<T> {
    try {
      return await begin();
    } catch (error) {
      this.#deps.countLiveRefusal(asSottoError(error).code);
      throw error;
    }
  }

  /** Of the workers that have that model (null: of all), and can store what they hear. */
  async #capacity({ model = null, isStored = false }: { model?: string | null; isStored?: boolean } = {}) {
    const { workers } = await this.#deps.directory.fleet();
    const ready = workers.filter(({ state }) => state === 'ready');
    const able = enginesOf(ready, 'transcribe')
      .filter(({ models }) => model === null || models.some(({ name, fits }) => name === model && fits))
      .filter(({ live }) => !isStored || live?.records === true);
    return able.reduce((sum, { live }) => sum + (live?.capacity ?? 0), 0);
  }
}

function liveFull(most: number): SottoError {
  const detail = most === 0 ? 'No worker hears people at the moment.' : `The workers can hear ${most} people at once.`;
  return new SottoError('live_full', detail, { retryAfterSeconds: RETRY_SECONDS });
}
