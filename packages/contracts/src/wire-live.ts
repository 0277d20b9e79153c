import * as z from 'zod';
import { errorCodeSchema } from './errors.ts';

const seconds = z.number().min(0);
const word = z.object({ word: z.string(), start: seconds, end: seconds, confidence: z.number() });
const told = { id: z.string().meta({ description: 'For `last_event_id`.' }), utterance: z.int() };
const text = { ...told, text: z.string(), words: z.array(word), lag_ms: z.int() };
/** Services before it say nothing. */
const jobId = z.string().nullable().default(null);
const marked = { id: z.string(), utterance: z.int().nullable(), at: seconds };

/** What `WS /live` says to its clients. Times are seconds of audio from the beginning of the session. */
export const wireLiveEventSchema = z
  .discriminatedUnion('type', [
    z.object({
      type: z.literal('session'),
      session_id: z.string(),
      received_samples: z.int().meta({ description: 'A client that comes back sends its audio from this sample on.' }),
      job_id: jobId.meta({ description: 'Of the job that will be made of the recording; null: none (`final_pass`).' }),
    }),
    z.object({
      type: z.literal('acknowledged'),
      received_samples: z.int().meta({ description: 'The audio before this sample need not be kept any more.' }),
    }),
    z.object({ type: z.literal('speech_started'), ...told, at: seconds }),
    z.object({ type: z.literal('speech_stopped'), ...told, at: seconds }),
    z.object({ type: z.literal('partial'), ...text }),
    z.object({ type: z.literal('final'), ...text, language: z.string().nullable(), is_last: z.boolean() }),
    z.object({ type: z.literal('committed'), ...marked }),
    z.object({ type: z.literal('cleared'), ...marked }),
    z.object({
      type: z.literal('ended'),
      id: z.string(),
      reason: z.enum(['client', 'idle', 'too_long', 'quota', 'failed']),
      heard: seconds,
      job_id: jobId.meta({
        description: 'Of the job that was made of the recording; null: none, or there was no audio.',
      }),
    }),
    z.object({
      type: z.literal('error'),
      error: errorCodeSchema,
      message: z.string(),
      detail: z.string(),
      retry_after: z.number().optional().meta({ description: 'Seconds.' }),
    }),
  ])
  .meta({ id: 'LiveEvent' });
export type WireLiveEvent = z.infer<typeof wireLiveEventSchema>;
