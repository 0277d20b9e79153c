import {
  LIVE_ENCODINGS,
  type LiveCheckpoint,
  type LiveEnd,
  type LiveEvent,
  type LiveMark,
  type LiveOptions,
  SottoError,
} from '@sotto/contracts';
import type { Redis } from 'ioredis';
import { type QuotaName, quotaExceeded } from '../access/quota.ts';
import { usageArgument } from '../access/usage-argument.ts';
import { reach } from '../redis/faults.ts';
import { Keys } from '../redis/keys.ts';
import { ScriptParts } from '../redis/script-parts.ts';
import { runScript } from '../redis/scripts.ts';
import { type QueueSettings, Retention } from '../redis/settings.ts';
import { LiveAudio } from './live-audio.ts';
import { fieldsOfNew, type LiveSession, liveSessionOf, type NewLiveSession } from './live-session.ts';

/** A worker that does not show itself for so long has died, and another one goes on. */
export const LIVE_LEASE_MS = 2_000;
/** What nobody touches is forgotten then. */
const RETENTION_MS = 600_000;
/** What is left of a session that is over: for a client that was away and wants its last words. */
const KEEP_MS = 300_000;
/** Its newest events are kept. */
const EVENT_CAP = 2_000;
/** So much audio may wait to be heard; more is not taken until some of it was. */
const MAX_WAITING_MS = 60_000;
/** After so long, nobody has the model of a session any more: it is ended. A worker that starts anew is back before. */
const MISSED_MS = 60_000;
const RETRY_SECONDS = 10;
const UNIT = 'audio_ms';

export interface LiveLimits {
  /** What the workers can hear at once. */
  maxSessions: number;
  /** Of them, those that have the model of the session; counts where it asks for one. */
  maxOfModel: number;
  /** null: no limit of the key's own. */
  maxOfKey: number | null;
}

/** `received`: samples so far. `gap`: something is missing before it. `full`: too much waits to be heard; send it again. */
export type LiveAppended = { answer: 'appended' | 'gap' | 'full'; received: number } | { answer: LiveRefusal };
/** `gone`: it takes no more. `taken`: another connection has it now. */
export type LiveRefusal = 'gone' | 'taken';

/** A connection's hold on a session. */
export interface LiveHold extends Pick<LiveSession, 'id' | 'format'> {
  holder: string;
}

/** What was heard, and where somebody else would go on. */
export interface LiveTelling {
  /** Counts up from that of the session; each is told once, however often it is sent. null: nothing is told. */
  turn: number | null;
  events: readonly LiveEvent[];
  /** null: as before. `fromSample`: audio before it is not needed any more. */
  checkpoint: { state: LiveCheckpoint; fromSample: number } | null;
  /** Audio that was heard, from the beginning of the session: it counts as used. */
  heardMs: number;
  isOver?: boolean;
}

/** What whoever hears a session has to know of it. */
export interface LiveNews {
  revision: number;
  closedBy: LiveEnd | null;
  received: number;
  seenAtMs: number;
}

type Named = Pick<LiveSession, 'id' | 'keyId'>;

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
  async open(session: NewLiveSession, { maxSessions, maxOfModel, maxOfKey }: LiveLimits): Promise<void> {
    const { live } = this.#keys;
    const { id, keyId, options } = session;
    const nowMs = Date.now();
    const reply = await runScript(this.#redis, 'live-open', [live.record(id), live.leases, live.ofKey(keyId)], {
      id,
      fields: fieldsOfNew(session, nowMs),
      ...(options.model !== null && { model: options.model }),
      maxSessions,
      maxOfModel,
      maxOfKey,
      retentionMs: RETENTION_MS,
      now: nowMs,
      stem: live.stem,
      unit: this.#parts.unit(UNIT),
      usage: usageArgument(this.#keys, this.#retention, keyId, nowMs),
    });
    refuse(reply as Opened, nowMs);
  }

  /** null: there is none. */
  async find(id: string): Promise<LiveSession | null> {
    return liveSessionOf(await reach(this.#redis.hgetall(this.#keys.live.record(id))));
  }

  /** How many are open. */
  count(): Promise<number> {
    return reach(this.#redis.zcard(this.#keys.live.leases));
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
  async claim(owner: string, { limit, models }: { limit: number; models: readonly string[] }): Promise<LiveSession[]> {
    const { live } = this.#keys;
    const stem = live.stem;
    const argument = { now: Date.now(), leaseMs: LIVE_LEASE_MS, owner, limit, models, missedMs: MISSED_MS, stem };
    const ids = (await runScript(this.#redis, 'live-claim', [live.leases], argument)) as string[];
    const sessions = await Promise.all(ids.map((id) => this.find(id)));
    return sessions.filter((session) => session !== null);
  }

  /** Its audio from that sample on. */
  audio(id: string, from: number): LiveAudio {
    return new LiveAudio(this.#redis, this.#keys.live.audio(id), from);
  }

  /** Says what was heard, and keeps the lease. null: somebody else hears it now; nothing was told. */
  async tell({ id, keyId }: Named, owner: string, telling: LiveTelling): Promise<LiveNews | null> {
    const { live } = this.#keys;
    const { turn, events, checkpoint, heardMs, isOver = false } = telling;
    const nowMs = Date.now();
    const own = [live.record(id), live.audio(id), live.events(id), live.leases, live.ofKey(keyId)];
    const reply = await runScript(this.#redis, 'live-tell', own, {
      id,
      owner,
      now: nowMs,
      leaseMs: LIVE_LEASE_MS,
      retentionMs: RETENTION_MS,
      cap: EVENT_CAP,
      channel: live.notifications(id),
      events: events.map((event) => JSON.stringify(event)),
      checkpoint: checkpoint && JSON.stringify(checkpoint.state),
      fromSample: checkpoint?.fromSample ?? null,
      turn,
      heardMs,
      isOver,
      keepMs: KEEP_MS,
      unit: this.#parts.unit(UNIT),
      usage: usageArgument(this.#keys, this.#retention, keyId, nowMs),
      outbox: this.#parts.outbox,
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

  /** Gives it to whoever claims next, at once. */
  async release(id: string, owner: string): Promise<void> {
    const { live } = this.#keys;
    await runScript(this.#redis, 'live-release', [live.record(id), live.leases], { id, owner });
  }
}

type Opened = ['opened'] | ['live_full' | 'key_full', number] | ['quota', QuotaName, number, number, number];

function refuse(reply: Opened, nowMs: number): void {
  const retry = { retryAfterSeconds: RETRY_SECONDS };
  if (reply[0] === 'live_full') throw new SottoError('live_full', `${reply[1]} live sessions are open.`, retry);
  if (reply[0] === 'key_full') throw new SottoError('key_full', `This key has ${reply[1]} live sessions.`, retry);
  if (reply[0] === 'quota') {
    const [, name, limit, used, reserved] = reply;
    throw quotaExceeded({ name, unit: UNIT, limit, used, reserved }, nowMs);
  }
}
