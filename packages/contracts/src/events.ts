import { z } from 'zod';
import { jobErrorSchema } from './errors.ts';
import { spokenWordSchema } from './speech.ts';

/**
 * Events of a run, in order: progress at any time, `text` once per segment in the order of the recording, whatever the
 * order in which windows end, `spoken` once per piece of a text, and one end.
 */
export const runEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), stage: z.string(), progress: z.number() }),
  z.object({ type: z.literal('text'), startMs: z.int(), endMs: z.int(), text: z.string() }),
  /** A piece of a text has been spoken, and all before it. `durationMs`: with the silence after it. */
  z.object({
    type: z.literal('spoken'),
    index: z.int(),
    durationMs: z.int(),
    sampleRateHz: z.int(),
    text: z.string(),
  }),
  /** When the words of a piece are heard, from its beginning; in any order, where that was asked for. */
  z.object({ type: z.literal('words'), index: z.int(), words: z.array(spokenWordSchema) }),
  z.object({ type: z.literal('completed') }),
  z.object({ type: z.literal('failed'), error: jobErrorSchema }),
  z.object({ type: z.literal('cancelled') }),
  /** Stands for an event of a newer build where events are read; never written. */
  z.object({ type: z.literal('unknown') }),
]);
export type RunEvent = z.infer<typeof runEventSchema>;

/** `id` is the stream's own id, usable as SSE's Last-Event-ID. */
export interface StoredRunEvent {
  id: string;
  event: RunEvent;
}

export function isEnd(event: RunEvent): boolean {
  return event.type === 'completed' || event.type === 'failed' || event.type === 'cancelled';
}
