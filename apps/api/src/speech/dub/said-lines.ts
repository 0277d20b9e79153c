import { speakerId, type Transcript } from '@sotto/contracts';
import { speakerName } from '@sotto/transcript';
import { z } from 'zod';
import type { Renderer } from '../../results/renderer.ts';

/** What was said, when, and by whom; what dubbing needs of a transcript. */
export const saidSchema = z.object({
  durationMs: z.int().min(0),
  language: z.string().nullable(),
  /** That was spoken. */
  heard: z.string().nullable(),
  /** Of `speakers`; null: nobody is known to say it. */
  lines: z.array(
    z.object({ text: z.string(), startMs: z.int().min(0), endMs: z.int().min(0), speaker: z.int().nullable() }),
  ),
  speakers: z.array(z.object({ id: z.string(), name: z.string() })),
});
export type Said = z.infer<typeof saidSchema>;

export const dubRenderer: Renderer<null> = {
  name: 'dub',
  render: (transcript) => JSON.stringify(saidOf(transcript)),
};

function saidOf(transcript: Transcript): Said {
  const { durationMs, task, segments, speakers = [] } = transcript;
  const lines = segments.map(({ text, startMs, endMs, speaker = null }) => {
    return { text: text.trim(), startMs, endMs, speaker };
  });
  return {
    durationMs,
    // A translation is English, whatever was spoken.
    language: task === 'translate' ? 'en' : transcript.language,
    heard: transcript.language,
    lines: lines.filter(({ text }) => text !== '').sort((one, other) => one.startMs - other.startMs),
    speakers: speakers.map((_, speaker) => ({ id: speakerId(speaker), name: speakerName(transcript, speaker) ?? '' })),
  };
}
