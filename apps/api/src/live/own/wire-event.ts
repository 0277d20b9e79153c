import type { LiveEvent, WireLiveEvent } from '@sotto/contracts';

/** null: an event that clients of this build do not know. */
export function toWireLiveEvent(id: string, event: LiveEvent): WireLiveEvent | null {
  switch (event.type) {
    case 'speech_started':
    case 'speech_stopped':
      return { type: event.type, id, utterance: event.utterance, at: event.atMs / 1_000 };
    case 'committed':
    case 'cleared':
      return { type: event.type, id, utterance: event.utterance, at: event.atMs / 1_000 };
    case 'partial':
      return { type: 'partial', id, ...textOf(event) };
    case 'final':
      return { type: 'final', id, ...textOf(event), language: event.language, is_last: event.isLast };
    case 'ended':
      return { type: 'ended', id, reason: event.by, heard: event.heardMs / 1_000, job_id: event.jobId ?? null };
    case 'unknown':
      return null;
  }
}

function textOf({
  utterance,
  words,
  lagMs,
}: Extract<LiveEvent, { type: 'partial' }> | Extract<LiveEvent, { type: 'final' }>) {
  return {
    utterance,
    text: words
      .map(({ word: spelled }) => spelled)
      .join('')
      .trim(),
    words: words.map(({ word: spelled, startMs, endMs, confidence }) => {
      return { word: spelled.trim(), start: startMs / 1_000, end: endMs / 1_000, confidence };
    }),
    lag_ms: lagMs,
  };
}
