import { asSottoError, SottoError } from '@sotto/contracts';
import { type LiveSession, type LiveSessions, type Outbox, type OutboxEvent, OutboxReader } from '@sotto/queue';
import type { Lifecycle, Logger } from '@sotto/runtime';
import type { Redis } from 'ioredis';
import type { AuditLog } from '../../audit/audit-log.ts';
import { type AcceptRecordingDeps, acceptRecording } from './accept-recording.ts';

export interface LiveRecordingsDeps extends AcceptRecordingDeps {
  liveSessions: LiveSessions;
  outbox: Outbox;
  subscriber: Redis;
  logger: Pick<Logger, 'info' | 'warning'>;
  auditLog: Pick<AuditLog, 'record'>;
}

/** It works from now on, until the lifecycle ends it. */
export function openLiveRecordings(deps: LiveRecordingsDeps, lifecycle: Lifecycle): void {
  const recordings = new LiveRecordings(deps);
  recordings.start();
  lifecycle.own('live recordings', () => recordings.close());
}

/** Makes jobs of the recordings of live sessions that are over. Every API does; each event goes to one of them. */
class LiveRecordings {
  readonly #deps: LiveRecordingsDeps;
  readonly #reader: OutboxReader;
  #following: Promise<() => void> | null = null;

  constructor(deps: LiveRecordingsDeps) {
    this.#deps = deps;
    this.#reader = new OutboxReader({
      outbox: deps.outbox,
      consumer: 'recordings',
      handle: (event) => this.#handle(event),
      onError: (thrown) => {
        const error = asSottoError(thrown);
        // Told elsewhere.
        if (error.code === 'queue_unavailable') return;
        deps.logger.warning('The recording of a live session is no job yet; it is tried again', { error });
      },
    });
  }

  start(): void {
    this.#reader.wake();
    this.#following = this.#deps.outbox.follow(this.#deps.subscriber, () => this.#reader.wake());
    // It is looked for every few seconds all the same.
    this.#following.catch(() => {});
  }

  /** Resolves when it does nothing any more. */
  async close(): Promise<void> {
    const unfollow = await this.#following?.catch(() => null);
    unfollow?.();
    await this.#reader.close();
  }

  async #handle(event: OutboxEvent): Promise<void> {
    if (event.type !== 'live_recorded') return;
    const { liveSessions: sessions, uploads, logger } = this.#deps;
    const session = await sessions.find(event.sessionId);
    const { recording = null, ended = null } = session ?? {};
    if (session === null || recording === null || ended === null) {
      if ((await uploads.find(event.sessionId)) === null) return;
      throw new SottoError('internal_error', `Only a newer build can read live session ${event.sessionId}.`);
    }
    let isGone = false;
    try {
      const outcome = await acceptRecording({ ...session, recording }, this.#deps);
      isGone = outcome === 'gone';
      if (isGone) logger.warning('The recording of a live session is gone', { sessionId: session.id });
      if (outcome === 'accepted') this.#note(session);
    } finally {
      // Who waits for the end of the session need not wait for storage that is away.
      const { jobId: _, ...without } = ended;
      await sessions.finish(session.id, isGone ? without : ended);
    }
  }

  #note({ id, keyId }: LiveSession): void {
    const { logger, auditLog } = this.#deps;
    logger.info('A live session became a job', { jobId: id });
    // Whoever asked for it may be long gone.
    const nobody = { address: null, user_agent: null };
    const about = { status: 202, error: null, key_id: keyId, target: id, method: 'GET', path: '/live', request_id: id };
    auditLog.record({ time: new Date().toISOString(), action: 'upload.accept', ...about, ...nobody });
  }
}
