import type { ResponseFormat, Transcript } from '@sotto/contracts';
import { worded } from '../wording/wording.ts';
import { renderAss } from './ass.ts';
import { renderCsv } from './csv.ts';
import { renderDocx } from './docx.ts';
import { renderJson } from './json.ts';
import { renderMd } from './md.ts';
import type { Renderer, RenderOptions } from './rendered.ts';
import { renderRttm } from './rttm.ts';
import { renderSrt } from './srt.ts';
import { renderText } from './text.ts';
import { renderTsv } from './tsv.ts';
import { renderVerboseJson } from './verbose-json.ts';
import { renderVtt } from './vtt.ts';

/** Bytes for docx, text for all others. */
export type BodyOf<F extends ResponseFormat> = F extends 'docx' ? Uint8Array<ArrayBuffer> : string;

interface Format<F extends ResponseFormat> {
  contentType: string;
  extension: string;
  render: Renderer<BodyOf<F>>;
}

/** Every format: what it is called on the wire, how a file of it ends, and who writes it. */
export const FORMATS: { [F in ResponseFormat]: Format<F> } = {
  json: { contentType: 'application/json; charset=utf-8', extension: 'json', render: renderJson },
  verbose_json: { contentType: 'application/json; charset=utf-8', extension: 'json', render: renderVerboseJson },
  text: { contentType: 'text/plain; charset=utf-8', extension: 'txt', render: renderText },
  srt: { contentType: 'application/x-subrip; charset=utf-8', extension: 'srt', render: renderSrt },
  vtt: { contentType: 'text/vtt; charset=utf-8', extension: 'vtt', render: renderVtt },
  ass: { contentType: 'text/x-ssa; charset=utf-8', extension: 'ass', render: renderAss },
  tsv: { contentType: 'text/tab-separated-values; charset=utf-8', extension: 'tsv', render: renderTsv },
  csv: { contentType: 'text/csv; charset=utf-8', extension: 'csv', render: renderCsv },
  md: { contentType: 'text/markdown; charset=utf-8', extension: 'md', render: renderMd },
  docx: {
    contentType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    extension: 'docx',
    render: renderDocx,
  },
  rttm: { contentType: 'text/plain; charset=utf-8', extension: 'rttm', render: renderRttm },
};

export interface Rendered<F extends ResponseFormat = ResponseFormat> {
  contentType: string;
  body: BodyOf<F>;
}

/** A transcript in any format, from the canonical form, without transcribing again. */
export function renderTranscript<F extends ResponseFormat>(
  transcript: Transcript,
  format: F,
  options: RenderOptions,
): Rendered<F> {
  const { contentType, render } = FORMATS[format];
  const shown = options.wording === undefined ? transcript : worded(transcript, options.wording);
  return { contentType, body: render(shown, options) };
}
