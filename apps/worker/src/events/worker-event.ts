import type { Container, Lane, LiveEnd, SegmentFlag, WebhookAttempt } from '@sotto/contracts';
import type { ConsumerEvent, QuotaEvent, VoiceUse } from '@sotto/queue';
import type { BreakerState } from '@sotto/runtime';

/** What happens in a worker; metrics.ts counts it and event-log.ts logs it. */
export type WorkerEvent =
  | { type: 'job'; event: ConsumerEvent }
  | { type: 'prepared'; container: Container; audioMs: number; speechMs: number; windows: number; tookMs: number }
  | {
      type: 'window';
      model: string;
      language: string;
      audioMs: number;
      words: number;
      engineMs: number;
      tookMs: number;
    }
  /** A window that another worker, or an earlier attempt, had already done. */
  | { type: 'window_found'; model: string; index: number }
  /** A window that cannot be transcribed was left out, as its client chose. */
  | { type: 'window_gap'; model: string; runId: string; index: number; error: unknown }
  /** Speech that a window's text had skipped was transcribed alone; `isSure`: the text was used. */
  | { type: 'retranscribed'; model: string; index: number; audioMs: number; isSure: boolean }
  | ({ type: 'transcribed'; model: string; language: string | null; audioMs: number; processingMs: number } & {
      lane: Lane;
      /** From its acceptance to its first turn. */
      waitedMs: number;
      segments: number;
      /** Flags of its segments, each as often as it was set. */
      flags: readonly SegmentFlag[];
    })
  /** A piece of a text that another worker, or an earlier attempt, had already spoken. */
  | { type: 'piece_found'; model: string; index: number }
  /** A piece of a text has been spoken. */
  | {
      type: 'piece';
      model: string;
      language: string;
      characters: number;
      audioMs: number;
      engineMs: number;
      /** Its sound was there already. */
      isKept: boolean;
      /** Another server was to speak it, and did not. */
      isReplaced: boolean;
      tookMs: number;
    }
  /** All of a text has been. */
  | {
      type: 'spoken';
      voices: readonly VoiceUse[];
      model: string;
      language: string;
      lane: Lane;
      pieces: number;
      characters: number;
      audioMs: number;
      waitedMs: number;
      processingMs: number;
    }
  /** Another server that speaks is left alone from now on, tried, or called as usual; `error`: its last fault. */
  | { type: 'remote_speech'; state: BreakerState; error: unknown }
  /** A voice has been made that is like a sample. */
  | { type: 'matched'; engine: string; similarity: number; nearest: number; tookMs: number }
  /** Who speaks in a recording has been told. */
  | { type: 'speakers'; speakers: number; audioMs: number; tookMs: number }
  /** `memoryBytes`: of its weights, and of its slots when they are used to the full. */
  | { type: 'model_loaded'; model: string; device: string; memoryBytes: number; tookMs: number }
  /** It is tried again. */
  | { type: 'model_load_failed'; model: string; error: unknown; retryInMs: number }
  /** There was no memory for it; the window waits. */
  | { type: 'model_waits'; model: string }
  | { type: 'model_unloaded'; model: string }
  /** A live session is over, or goes on elsewhere. */
  | { type: 'live'; sessionId: string; end: 'over' | 'lost' | 'left'; reason: LiveEnd | null }
  /** A pass of the engine over a live session. */
  | { type: 'live_pass'; engineMs: number }
  /** So much more of a live session was heard. */
  | { type: 'live_heard'; audioMs: number }
  /** Text of a live session was told. `sinceSpeechMs`: of an utterance's first text, since its beginning was told. */
  | { type: 'live_text'; isFinal: boolean; lagMs: number; sinceSpeechMs: number | null }
  /** A live session could not be heard; somebody tries again. `sessionId` null: none could be claimed. */
  | { type: 'live_failed'; sessionId: string | null; error: unknown }
  | ({ type: 'webhook'; subject: string } & WebhookAttempt)
  | ({ type: 'quota' } & QuotaEvent)
  | { type: 'swept'; blobs: number; temporary: number; resubmitted: number; failed: number; cancelled: number };

export type OnWorkerEvent = (event: WorkerEvent) => void;
