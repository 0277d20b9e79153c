import { asSottoError, type SottoError, type SpeechFormat } from '@sotto/contracts';
import type { Response } from 'express';
import { ClientGone } from '../http/client-gone.ts';
import type { Shutdown } from '../http/shutdown.ts';
import { type LeaveDeps, leaveRun } from '../jobs/leave.ts';
import type { Encoders } from '../sound/encoder.ts';
import { formatted } from '../sound/send-sound.ts';
import { interruptionError } from '../transcriptions/hold.ts';
import { type Interruption, interruptions } from '../transcriptions/sync-wait.ts';
import { type SoundDeps, soundOfRun, tagsOfRun } from './sound-of-run.ts';
import type { SubmittedText } from './submit-text.ts';

export type StreamSpeechDeps = SoundDeps & LeaveDeps & { encoders: Encoders; shutdown: Shutdown };

/** Where sound goes. unopened -> open -> ended | failed. */
export interface SoundSink {
  /** There is sound: the head of the answer can be sent. */
  open(): void;
  write(bytes: Uint8Array): Promise<void>;
  end(): void;
  /** What went wrong after it was opened. */
  fail(error: SottoError): void;
}

export interface StreamSpeech {
  format: SpeechFormat;
  sink: SoundSink;
  /** How long the client waits for the first sound. */
  timeoutMs: number;
}

/** A day is longer than any text. */
const LONGEST_MS = 86_400_000;

/**
 * Sends what is spoken while it is spoken. A client that leaves stops the work, unless it asked for the opposite.
 *
 * @returns `deadline`: there is no sound yet, and nothing was sent
 * @throws what keeps the text from being spoken while nothing has been sent; ClientGone
 */
export async function streamSpeech(
  response: Response,
  submitted: SubmittedText,
  { format, sink, timeoutMs }: StreamSpeech,
  deps: StreamSpeechDeps,
): Promise<'sent' | 'deadline'> {
  const listening = interruptions(response, { timeoutMs: LONGEST_MS, shutdown: deps.shutdown });
  const over = new AbortController();
  const signal = AbortSignal.any([listening.signal, over.signal]);
  const sending = {
    format,
    encoders: deps.encoders,
    expectedRateHz: submitted.voice.sampleRateHz,
    tagsAtEnd: () => tagsOfRun(submitted, deps),
  };
  const sound = formatted(soundOfRun(submitted, deps, signal), sending);
  let isOpen = false;
  try {
    const first = await withinMs(timeoutMs, sound.next());
    if (first === 'late') return 'deadline';
    for (let next = first; next.done !== true; next = await sound.next()) {
      if (!isOpen) sink.open();
      isOpen = true;
      await sink.write(next.value);
    }
    if (listening.signal.aborted) throw interruptionError(listening.signal.reason as Interruption);
    sink.end();
    return 'sent';
  } catch (thrown) {
    const error = listening.signal.aborted ? interruptionError(listening.signal.reason as Interruption) : thrown;
    if (error instanceof ClientGone && submitted.request.delivery.cancelOnDisconnect) {
      await leaveRun(submitted.request.id, deps);
    }
    if (!isOpen || error instanceof ClientGone) throw error;
    sink.fail(asSottoError(error));
    return 'sent';
  } finally {
    over.abort();
    listening.release();
    // It may still be waiting for a piece: then it ends in the background.
    void sound.return(undefined).catch(() => {});
  }
}

async function withinMs<T>(timeoutMs: number, work: Promise<T>): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, timeoutMs, 'late');
  });
  work.catch(() => {});
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
