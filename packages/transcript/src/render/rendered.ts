import type { Granularity, Transcript } from '@sotto/contracts';

export interface RenderOptions {
  /** `word`: json carries words; srt, vtt and tsv have one cue or row per word. */
  granularity: Granularity;
}

export type Renderer = (transcript: Transcript, options: RenderOptions) => string;
