import { asrRenderer } from './asr/answers.ts';
import { deepgramRenderer } from './deepgram/answers.ts';
import { editedRenderer } from './library/edited-renderer.ts';
import { keptRenderer } from './library/kept-renderer.ts';
import { searchedRenderer } from './library/searched-renderer.ts';
import { openAiRenderer } from './openai/answers.ts';
import { streamEndRenderer } from './openai/stream-end.ts';
import { formatRenderer } from './results/formats.ts';
import type { Renderer, RendererName } from './results/renderer.ts';
import { dubRenderer } from './speech/dub/said-lines.ts';
import { searchRenderer } from './transcriptions/search-answer.ts';

/** All renderers by name, for the threads. */
export const RENDERERS: { [Name in RendererName]: Renderer<never> } = {
  format: formatRenderer,
  search: searchRenderer,
  openai: openAiRenderer,
  openai_stream_end: streamEndRenderer,
  asr: asrRenderer,
  deepgram: deepgramRenderer,
  dub: dubRenderer,
  kept: keptRenderer,
  edited: editedRenderer,
  searched: searchedRenderer,
};
