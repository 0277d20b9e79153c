import * as z from 'zod';

/** A transcript as clients of the HTTP API see it. */
const seconds = z.number().min(0);
/** `SPEAKER_00`; only where speakers were asked for. null: nobody is heard there. */
const speaker = z.string().nullable().optional();

export const wireWordSchema = z.object({
  word: z.string(),
  start: seconds,
  end: seconds,
  confidence: z.number(),
  speaker,
});

export const wireSegmentSchema = z.object({
  id: z.int(),
  start: seconds,
  end: seconds,
  text: z.string(),
  confidence: z.number(),
  speaker,
});

export const wireSpeakerSchema = z.object({
  id: z.string(),
  /** The id, as people read it, unless the speaker's name is known. */
  name: z.string(),
  /** Whose channel of the recording it is, from 1; only with `channels=split`. */
  channel: z.int().min(1).optional(),
  /** Of speech, also where others speak too. */
  seconds,
  words: z.int(),
});

export const wireVerboseSegmentSchema = wireSegmentSchema.extend({
  seek: z.int(),
  tokens: z.array(z.int()),
  temperature: z.number(),
  avg_logprob: z.number(),
  compression_ratio: z.number(),
  no_speech_prob: z.number(),
  /** Older services do not say. */
  language: z.string().nullable().optional(),
  words: z.array(wireWordSchema),
  flags: z.array(z.string()),
});

export const wireWarningSchema = z.object({ code: z.string(), detail: z.string() });

/** `response_format=json` (owner's specification, 3.1.1). `words` only with word granularity. */
export const wireTranscriptSchema = z
  .object({
    text: z.string(),
    language: z.string().nullable(),
    language_probability: z.number().nullable(),
    duration: seconds,
    segments: z.array(wireSegmentSchema),
    words: z.array(wireWordSchema).optional(),
    /** Who speaks, by first appearance; only where speakers were asked for. */
    speakers: z.array(wireSpeakerSchema).optional(),
    model: z.string(),
    processing_time: seconds,
    warnings: z.array(wireWarningSchema),
  })
  .meta({ id: 'Transcript' });
export type WireTranscript = z.infer<typeof wireTranscriptSchema>;

export const wireVerboseTranscriptSchema = wireTranscriptSchema
  .extend({
    task: z.enum(['transcribe', 'translate']),
    /** Each language that is spoken, and for how long; most first. Older services do not say. */
    languages: z.array(z.object({ code: z.string(), seconds })).optional(),
    segments: z.array(wireVerboseSegmentSchema),
    words: z.array(wireWordSchema),
    /** Who speaks when; several may at once. Only where speakers were asked for. */
    turns: z.array(z.object({ speaker: z.string(), start: seconds, end: seconds })).optional(),
    /** What `hallucination_filter=drop` left out; `flags` say why. */
    dropped_segments: z.array(wireVerboseSegmentSchema),
  })
  .meta({ id: 'VerboseTranscript' });
export type WireVerboseTranscript = z.infer<typeof wireVerboseTranscriptSchema>;

/** `GET /jobs/{id}/search`. */
export const wireSearchSchema = z
  .object({
    job_id: z.uuid(),
    query: z.string(),
    /** Also those that `limit` leaves out. */
    total: z.int().min(0),
    matches: z.array(
      z.object({
        start: seconds,
        end: seconds,
        text: z.string(),
        before: z.string(),
        after: z.string(),
        segment_id: z.int().min(0),
      }),
    ),
  })
  .meta({ id: 'Search' });
export type WireSearch = z.infer<typeof wireSearchSchema>;
