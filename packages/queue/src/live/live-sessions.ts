import {
  LIVE_ENCODINGS,
  type LiveEnd,
  type LiveEnded,
  type LiveMark,
  type LiveOptions,
  SottoError,
} from '@sotto/contracts';
import type { Redis } from 'ioredis';
import { usageArgument } from '../access/usage-argument.ts';
import { reach } from '../redis/faults.ts';
import { Keys } from '../redis/keys.ts';
import { ScriptParts } from '../redis/script-parts.ts';
import { runScript } from '../redis/scripts.ts';
import { type QueueSettings, Retention } from '../redis/settings.ts';
import { type HeldLimits, newUploadFields } from '../uploads/resumable-uploads.ts';
import { LiveAudio } from './live-audio.ts';
import { LIVE_UNIT, type LiveLimits, mustBeOpened, type Opened } from './live-limits.ts';
import {
  type ClaimedSession,
  fieldsOfNew,
  type LiveSession,
  liveSessionOf,
  type NewLiveSession,
} from './live-session.ts';
import type { LiveAppended, LiveHold, LiveNews, LiveRefusal, LiveTelling } from './live-telling.ts';

/** A worker that does not show itself for so long has died, and another one goes on. */
export const LIVE_LEASE_MS = 2_000;
/** What nobody touches is forgotten then: all workers may be away for a while, and what was recorded is not to be lost. */
const RETENTION_MS = 86_400_000;
/** What is left of a session that is over: for a client that was away and wants its last words. */
const KEEP_MS = 300_000;
/** Its newest events are kept. */
const EVENT_CAP = 2_000;
/** So much audio may wait to be heard; more is not taken until some of it was. */
const MAX_WAITING_MS = 60_000;
/** So much may wait to be stored: storage may be away for as long before its client has to wait. */
const MAX_KEPT_MS = 300_000;
/** After so long, nobody has the model of a session any more: it is ended. A worker that starts anew is back before. */
const MISSED_MS = 60_000;

type Named = Pick<LiveSession, 'id' | 'keyId' | 'recording'>;

/**
 * Live sessions: records with a lease, not connections. Audio goes into a short stream, events come out of one; the worker
 * that has the lease hears, and another takes over where it stopped when its lease is over.
 */
export class LiveSessions {
  readonly #redis: Redis;
  readonly #keys: Keys;
  readonly #parts: ScriptParts;
  readonly #retention: Retention;

  constructor(redis: Redis, settings: QueueSettings) {
    this.#redis = redis;
    this.#keys = new Keys(settings.prefix);
    this.#parts = new ScriptParts(this.#keys);
    this.#retention = new Retention(settings);
  }

  /** @throws SottoError `live_full`, `key_full`, `quota_exceeded` */
  async open(session: NewLiveSession, limits: LiveLimits): Promise<void> {
    const { live } = this.#keys;
    const { id, keyId, options, recording } = session;
    const { maxSessions, maxOfModel, maxOfKey } = limits;
    const nowMs = Date.now();
    const isStored = recording !== null;
    const own = [live.record(id), live.leases(isStored), live.ofKey(keyId), live.leases(!isStored)];
    const reply = await runScript(this.#redis, 'live-open', own, {
      id,
      fields: fieldsOfNew(session, nowMs),
      ...(options.model !== null && { model: options.model }),
      maxSessions,
      maxOfModel,
      maxOfKey,
      retentionMs: RETENTION_MS,
      now: nowMs,
      stem: live.stem,
      unit: this.#parts.unit(LIVE_UNIT),
      usage: usageArgument(this.#keys, this.#retention, keyId, nowMs),
      ...(isStored && { recording: this.#recordingArgument(session, limits, nowMs) }),
    });
    mustBeOpened(reply as Opened, nowMs);
  }

  #recordingArgument(session: NewLiveSession, { maxStored, held }: LiveLimits, nowMs: number) {
    const { id, keyId } = session;
    const upload = { id, keyId, totalBytes: null, offset: 0, metadata: {}, touchedAtMs: nowMs, jobId: null };
    return {
      upload: this.#uploadArgument(session, held),
      fields: newUploadFields(upload, true),
      maxSessions: maxStored,
    };
  }

  #uploadArgument(session: Named, limits: HeldLimits | null) {
    return session.recording && this.#parts.upload(session, session.recording.keepMs, limits);
  }

  /** null: there is none. */
  async find(id: string): Promise<LiveSession | null> {
    return liveSessionOf(await reach(this.#redis.hgetall(this.#keys.live.record(id))));
  }

  /** How many are open. */
  count(): Promise<number> {
    return Promise.all([this.#countOf(false), this.#countOf(true)]).then(([others, stored]) => others + stored);
  }

  #countOf(isStored: boolean): Promise<number> {
    return reach(this.#redis.zcard(this.#keys.live.leases(isStored)));
  }

  /** Takes audio that begins with the sample of that number. Of what comes twice, only what is new counts. */
  async append({ id, format, holder }: LiveHold, at: number, bytes: Buffer): Promise<LiveAppended> {
    const { live } = this.#keys;
    const argument = {
      at,
      holder,
      now: Date.now(),
      retentionMs: RETENTION_MS,
      sampleBytes: LIVE_ENCODINGS[format.encoding],
      maxWaiting: (format.sampleRate * MAX_WAITING_MS) / 1_000,
      maxKept: (format.sampleRate * MAX_KEPT_MS) / 1_000,
    };
    const reply = await runScript(this.#redis, 'live-append', [live.record(id), live.audio(id)], argument, bytes);
    const [answer, received] = reply as ['appended' | 'gap' | 'full' | LiveRefusal, number];
    return answer === 'gone' || answer === 'taken' ? { answer } : { answer, received };
  }

  /**
   * Something that the client says behind the audio it has sent.
   *
   * @throws SottoError `invalid_request` for a thousand of them at one place
   */
  async mark({ id, holder }: LiveHold, mark: LiveMark): Promise<'marked' | LiveRefusal> {
    const { live } = this.#keys;
    const argument = { mark, holder, now: Date.now(), retentionMs: RETENTION_MS };
    const reply = await runScript(this.#redis, 'live-mark', [live.record(id), live.audio(id)], argument);
    const [answer] = reply as ['marked' | 'crowded' | LiveRefusal];
    if (answer === 'crowded') throw new SottoError('invalid_request', 'There is no audio between so many commits.');
    return answer;
  }

  /** Other options from about now on; without any, a sign that the client is there. */
  async change({ id, holder }: LiveHold, options: LiveOptions | null): Promise<'changed' | LiveRefusal> {
    const argument = { now: Date.now(), holder, options: options && JSON.stringify(options) };
    const reply = await runScript(this.#redis, 'live-change', [this.#keys.live.record(id)], argument);
    return (reply as ['changed' | LiveRefusal])[0];
  }

  /** A connection of its key takes it, from whichever had it. null: there is none. */
  async take(id: string, keyId: string | null, holder: string): Promise<LiveSession | null> {
    const argument = { now: Date.now(), holder, keyId: keyId ?? '' };
    const [answer] = (await runScript(this.#redis, 'live-take', [this.#keys.live.record(id)], argument)) as [string];
    return answer === 'taken' ? this.find(id) : null;
  }

  /** No more audio comes. false: there is no such session. */
  async close(id: string, by: LiveEnd): Promise<boolean> {
    const [answer] = (await runScript(this.#redis, 'live-close', [this.#keys.live.record(id)], { by })) as [string];
    return answer === 'closed';
  }

  /**
   * @param models names of those that `owner` has; without one of them, only sessions that nobody has taken for a minute come
   * @returns sessions that `owner` hears from now on
   */
  async claim(
    owner: string,
    { limit, models }: { limit: number; models: readonly string[] },
  ): Promise<ClaimedSession[]> {
    const { live } = this.#keys;
    const stem = live.stem;
    const argument = { now: Date.now(), leaseMs: LIVE_LEASE_MS, owner, limit, models, missedMs: MISSED_MS, stem };
    const leases = [live.leases(true), live.leases(false)];
    const ids = (await runScript(this.#redis, 'live-claim', leases, argument)) as string[];
    const sessions = await Promise.all(ids.map((id) => this.#findClaimed(id)));
    return sessions.filter((session) => session !== null);
  }

  async #findClaimed(id: string): Promise<ClaimedSession | null> {
    const session = await this.find(id);
    if (session === null) return null;
    const stored = session.recording && (await reach(this.#redis.hget(this.#keys.uploads.record(id), 'offset')));
    return { ...session, storedBytes: Number(stored ?? 0) };
  }

  /** Its audio from that sample on. */
  audio(id: string, from: number): LiveAudio {
    return new LiveAudio(this.#redis, this.#keys.live.audio(id), from);
  }

  /** Says what was heard, and keeps the lease. null: somebody else hears it now; nothing was told. */
  async tell(session: Named, owner: string, telling: LiveTelling): Promise<LiveNews | null> {
    const { live } = this.#keys;
    const { id, keyId, recording } = session;
    const { turn, events, checkpoint, heardMs, ended } = telling;
    const isRecorded = ended?.jobId !== undefined;
    const nowMs = Date.now();
    const leases = live.leases(recording !== null);
    const own = [live.record(id), live.audio(id), live.events(id), leases, live.ofKey(keyId)];
    const reply = await runScript(this.#redis, 'live-tell', own, {
      id,
      owner,
      now: nowMs,
      leaseMs: LIVE_LEASE_MS,
      retentionMs: RETENTION_MS,
      cap: EVENT_CAP,
      channel: live.notifications(id),
      events: [...events, ...(ended && !isRecorded ? [ended] : [])].map((event) => JSON.stringify(event)),
      checkpoint: checkpoint && JSON.stringify(checkpoint.state),
      fromSample: checkpoint?.fromSample ?? null,
      keepFrom: checkpoint?.keepFrom ?? null,
      turn,
      heardMs,
      isOver: ended !== undefined,
      keepMs: KEEP_MS,
      unit: this.#parts.unit(LIVE_UNIT),
      usage: usageArgument(this.#keys, this.#retention, keyId, nowMs),
      outbox: this.#parts.outbox,
      upload: this.#uploadArgument(session, null),
      ended: isRecorded ? JSON.stringify(ended) : null,
    });
    const [answer, revision, closedBy, received, seenAtMs] = reply as [
      'told' | 'lost',
      number,
      LiveEnd | '',
      number,
      string,
    ];
    if (answer === 'lost') return null;
    return { revision, closedBy: closedBy === '' ? null : closedBy, received, seenAtMs: Number(seenAtMs) };
  }

  /** Of a session that was recorded: tells its last event, once. */
  async finish(id: string, event: LiveEnded): Promise<void> {
    const { live } = this.#keys;
    const argument = { event: JSON.stringify(event), channel: live.notifications(id), keepMs: KEEP_MS };
    await runScript(this.#redis, 'live-over', [live.record(id), live.events(id)], argument);
  }

  /** Gives it to whoever claims next, at once. */
  async release({ id, recording }: Pick<LiveSession, 'id' | 'recording'>, owner: string): Promise<void> {
    const { live } = this.#keys;
    const own = [live.record(id), live.leases(recording !== null)];
    await runScript(this.#redis, 'live-release', own, { id, owner });
  }
}
