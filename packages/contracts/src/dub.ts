import { z } from 'zod';
import { CONTAINER_NAMES } from './media.ts';

/** How the text of a run is stored that speaks a transcript into its times; no client sends it. */
export const DUB_FORMAT = 'dub';

/** A line of a transcript, and when it was said. */
export const dubLineSchema = z.object({
  text: z.string(),
  startMs: z.int().min(0),
  endMs: z.int().min(0),
  /** null: that of the request. */
  voice: z.string().nullable(),
});
export type DubLine = z.infer<typeof dubLineSchema>;

/** The warning where a dub could not be put into its video: the sound is there. */
export const VIDEO_NOT_MADE = 'video_not_made';

/** A recording in the library, whose picture is to have what is spoken as a sound track. */
export const dubVideoSchema = z.object({
  blobKey: z.string(),
  bytes: z.int().min(0),
  container: z.enum(CONTAINER_NAMES),
  /** That is spoken in it, BCP 47; null: not known. */
  language: z.string().nullable(),
});
export type DubVideo = z.infer<typeof dubVideoSchema>;

export const dubScriptSchema = z.object({
  /** Of the recording: so long is what is spoken, at least. */
  durationMs: z.int().min(0),
  /** In order. */
  lines: z.array(dubLineSchema),
  /** Absent: only sound is made. */
  video: dubVideoSchema.optional(),
});
export type DubScript = z.infer<typeof dubScriptSchema>;
