import type { Transcript } from '@sotto/contracts';
import { decodeResult, type ResultBody } from '@sotto/queue/results';

/** Every name is an entry of RENDERERS. */
export type RendererName = 'format' | 'search' | 'openai' | 'openai_stream_end' | 'asr';

/**
 * Turns a transcript into the body of a response. Renderers are pure and their options plain data, so that another thread
 * can run them: it finds them by name.
 */
export interface Renderer<Options> {
  name: RendererName;
  render(transcript: Transcript, options: Options): string | Uint8Array<ArrayBuffer>;
}

/** What endpoints need to know of a transcript besides its body. */
export type TranscriptFacts = Pick<Transcript, 'language' | 'durationMs' | 'model' | 'warnings'>;

export interface Rendered<Body = string | Uint8Array<ArrayBuffer>> {
  body: Body;
  facts: TranscriptFacts;
}

/** Decodes a stored transcript and renders it. */
export async function renderStored<Options>(
  stored: ResultBody,
  { render }: Pick<Renderer<Options>, 'render'>,
  options: Options,
): Promise<Rendered> {
  const transcript = (await decodeResult(stored)) as Transcript;
  const { language, durationMs, model, warnings } = transcript;
  return { body: render(transcript, options), facts: { language, durationMs, model, warnings } };
}
