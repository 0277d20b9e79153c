import type { Transcript } from '@sotto/contracts';
import { z } from 'zod';
import { usageOf, usageSchema } from './usage.ts';

const seconds = z.number().min(0);

/** A part of the text that one speaker says; in a stream it is an event. */
export const diarizedSegmentSchema = z.object({
  type: z.literal('transcript.text.segment'),
  id: z.string(),
  start: seconds,
  end: seconds,
  text: z.string(),
  speaker: z.string().meta({ description: 'A name that was given, else a letter, by first appearance.' }),
});
export type DiarizedSegment = z.infer<typeof diarizedSegmentSchema>;

/** `response_format=diarized_json`. */
export const diarizedSchema = z
  .object({
    task: z.literal('transcribe'),
    duration: seconds,
    text: z.string(),
    segments: z.array(diarizedSegmentSchema),
    usage: usageSchema,
  })
  .meta({ id: 'OpenAiDiarizedTranscription' });

export function diarizedOf(transcript: Transcript): z.infer<typeof diarizedSchema> {
  return {
    task: 'transcribe',
    duration: transcript.durationMs / 1000,
    text: transcript.text,
    segments: diarizedSegments(transcript),
    usage: usageOf(transcript),
  };
}

/** Where nobody is heard, it is whoever spoke before: there is always a speaker in that API. */
export function diarizedSegments({ segments, speakers = [] }: Transcript): DiarizedSegment[] {
  let before = 0;
  return segments.map(({ id, startMs, endMs, text, speaker = before }) => {
    before = speaker;
    const name = speakers[speaker]?.name ?? letterOf(speaker);
    return {
      type: 'transcript.text.segment',
      id: `seg_${id}`,
      start: startMs / 1000,
      end: endMs / 1000,
      text: text.trim(),
      speaker: name,
    };
  });
}

/** A, B, ... Z, AA, AB, ... */
const letterOf = (index: number): string =>
  (index < 26 ? '' : letterOf(Math.floor(index / 26) - 1)) + String.fromCharCode(65 + (index % 26));
