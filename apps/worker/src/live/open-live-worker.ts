import type { WorkerDeps } from '../deps.ts';
import type { OnWorkerEvent } from '../events/worker-event.ts';
import type { Engine } from '../models/engine.ts';
import { loadSileroNetwork } from '../speech/silero.ts';
import { LiveCapacity } from './capacity.ts';
import { earsOf } from './ears.ts';
import { LiveWorker } from './live-worker.ts';
import { SessionRecorder } from './session-recorder.ts';

/** Hears people while they speak. */
export interface OpenLiveWorker {
  /** For the heartbeat. */
  report(): { sessions: number; capacity: number; records: true };
  close(): Promise<void>;
}

type LiveWorkerNeeds = Pick<WorkerDeps, 'env' | 'liveSessions' | 'uploads' | 'blobs' | 'logger'>;

interface LiveWorkerPlace {
  workerId: string;
  engine: Engine;
  /** false: those that it has are heard on, and no others. */
  takesMore: () => boolean;
  onEvent: OnWorkerEvent;
}

/** null: what tells speech from silence cannot be loaded here. Sessions are heard from now on. */
export function openLiveWorker(
  { env, liveSessions: sessions, uploads, blobs, logger }: LiveWorkerNeeds,
  { workerId, engine, takesMore, onEvent }: LiveWorkerPlace,
): OpenLiveWorker | null {
  const network = networkOrNull(logger);
  if (network === null) return null;
  const capacity = new LiveCapacity(() => env.LIVE_SESSIONS);
  const sessionsAtOnce = () => (takesMore() ? capacity.sessions : 0);
  const onPass = (engineMs: number) => {
    capacity.add(engineMs);
    onEvent({ type: 'live_pass', engineMs });
  };
  const worker = new LiveWorker({
    sessions,
    owner: workerId,
    capacity: sessionsAtOnce,
    models: () => engine.installed().flatMap(({ name, fits }) => (fits ? name : [])),
    idleMs: () => env.LIVE_IDLE * 1_000,
    maxMs: () => env.LIVE_MAX_HOURS * 3_600_000,
    ears: (options, signal) => earsOf(options, { network, engine, signal, onPass }),
    recorder: ({ recording, ...session }, signal) => {
      const onError = (error: unknown) =>
        logger.warning('A live session could not be stored; it is tried again', { sessionId: session.id, error });
      return recording && new SessionRecorder({ ...session, recording }, signal, { uploads, blobs, onError });
    },
    onText: (text) => onEvent({ type: 'live_text', ...text }),
    onHeard: (audioMs) => onEvent({ type: 'live_heard', audioMs }),
    onEnd: (session, end, reason) => onEvent({ type: 'live', sessionId: session.id, end, reason }),
    onError: (error, session) => onEvent({ type: 'live_failed', sessionId: session?.id ?? null, error }),
  });
  worker.open();
  return {
    report: () => ({ sessions: worker.count, capacity: sessionsAtOnce(), records: true }),
    close: () => worker.close(),
  };
}

function networkOrNull(logger: WorkerDeps['logger']) {
  try {
    return loadSileroNetwork();
  } catch (error) {
    logger.warning('Silero cannot be loaded; nobody is heard while they speak', { error });
    return null;
  }
}
