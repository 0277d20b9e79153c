import type { ResponseFormat, Transcript } from '@sotto/contracts';
import { renderJson } from './json.ts';
import type { Renderer, RenderOptions } from './rendered.ts';
import { renderSrt } from './srt.ts';
import { renderText } from './text.ts';
import { renderTsv } from './tsv.ts';
import { renderVerboseJson } from './verbose-json.ts';
import { renderVtt } from './vtt.ts';

/** Every format: what it is called on the wire, how a file of it ends, and who writes it. */
export const FORMATS: Record<ResponseFormat, { contentType: string; extension: string; render: Renderer }> = {
  json: { contentType: 'application/json; charset=utf-8', extension: 'json', render: renderJson },
  verbose_json: { contentType: 'application/json; charset=utf-8', extension: 'json', render: renderVerboseJson },
  text: { contentType: 'text/plain; charset=utf-8', extension: 'txt', render: renderText },
  srt: { contentType: 'application/x-subrip; charset=utf-8', extension: 'srt', render: renderSrt },
  vtt: { contentType: 'text/vtt; charset=utf-8', extension: 'vtt', render: renderVtt },
  tsv: { contentType: 'text/tab-separated-values; charset=utf-8', extension: 'tsv', render: renderTsv },
};

export interface Rendered {
  contentType: string;
  body: string;
}

/** A transcript in any format, from the canonical form, without transcribing again. */
export function renderTranscript(transcript: Transcript, format: ResponseFormat, options: RenderOptions): Rendered {
  const { contentType, render } = FORMATS[format];
  return { contentType, body: render(transcript, options) };
}
