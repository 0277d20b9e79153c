import { z } from 'zod';
import { wordSchema } from './transcript.ts';

/**
 * What a client says between two samples. `commit`: the utterance is over, whatever is heard. `clear`: what was said since
 * the last utterance is not wanted.
 */
export const LIVE_MARKS = ['commit', 'clear'] as const;
export type LiveMark = (typeof LIVE_MARKS)[number];

const ms = z.int().min(0);
const words = z.array(wordSchema);
const lag = { lagMs: ms };

/**
 * Why a session is over. `idle`: nobody was connected for too long. `quota`: its API key has used up its minutes. `failed`:
 * the audio could not be heard.
 */
export const LIVE_ENDS = ['client', 'idle', 'too_long', 'quota', 'failed'] as const;
export type LiveEnd = (typeof LIVE_ENDS)[number];

/**
 * Events of a live session, in order; times are milliseconds of audio from its beginning. `utterance`: its number, from 0.
 * Words of a `final` never change, and follow those of the one before; a `partial` replaces the one before. `lagMs`: how
 * much audio had arrived that was not heard yet.
 */
export const liveEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('speech_started'), utterance: z.int(), atMs: ms }),
  z.object({ type: z.literal('speech_stopped'), utterance: z.int(), atMs: ms }),
  z.object({ type: z.literal('partial'), utterance: z.int(), words, ...lag }),
  z.object({
    type: z.literal('final'),
    utterance: z.int(),
    words,
    /** null: nothing was understood. */
    language: z.string().nullable(),
    /** Nothing more comes of this utterance. */
    isLast: z.boolean(),
    ...lag,
  }),
  /** A mark was reached. `utterance`: which it ended; null: nobody was speaking. Its `final` comes afterwards. */
  z.object({ type: z.literal('committed'), utterance: z.int().nullable(), atMs: ms }),
  /** `utterance`: which was dropped; nothing more comes of it. */
  z.object({ type: z.literal('cleared'), utterance: z.int().nullable(), atMs: ms }),
  /** The last event. */
  z.object({
    type: z.literal('ended'),
    by: z.enum(LIVE_ENDS),
    heardMs: ms,
    /** Of what was heard, which is transcribed once more. Absent: that was not asked for, or there was no audio. */
    jobId: z.uuid().optional(),
  }),
  /** Stands for an event of a newer build where events are read; never written. */
  z.object({ type: z.literal('unknown') }),
]);
export type LiveEvent = z.infer<typeof liveEventSchema>;
export type LiveEnded = Extract<LiveEvent, { type: 'ended' }>;

/** `id` is the stream's own: a client that comes back goes on after it. */
export interface StoredLiveEvent {
  id: string;
  event: LiveEvent;
}

const spokenSchema = z.object({ utterance: z.int(), startMs: ms });

/** Where another worker goes on, telling nothing twice. */
export const liveCheckpointSchema = z.object({
  /** Everything from here on is still needed. */
  fromMs: ms,
  /** Final words from `fromMs` on. */
  final: words,
  /** The end of the text before. */
  text: z.string(),
  /** How many utterances have begun. */
  utterances: z.int(),
  /** The one that is under way. */
  open: spokenSchema.nullable(),
  /** Those that are over and whose last text was not told yet. */
  ended: z.array(spokenSchema.extend({ endMs: ms })),
  /** Audio up to here was listened to for endpoints, and what the next one depends on; null: there are none. */
  listening: z
    .object({
      atMs: ms,
      floorMs: ms,
      likelySinceMs: ms.nullable(),
      unlikelySinceMs: ms.nullable(),
      isSpeech: z.boolean(),
    })
    .nullable(),
  /** Id of the last mark that was reached; null: none was. */
  mark: z.string().nullable(),
});
export type LiveCheckpoint = z.infer<typeof liveCheckpointSchema>;
export type LiveListening = NonNullable<LiveCheckpoint['listening']>;
