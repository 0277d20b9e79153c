import { z } from 'zod';

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

export const dubScriptSchema = z.object({
  /** Of the recording: so long is what is spoken, at least. */
  durationMs: z.int().min(0),
  /** In order. */
  lines: z.array(dubLineSchema),
});
export type DubScript = z.infer<typeof dubScriptSchema>;
