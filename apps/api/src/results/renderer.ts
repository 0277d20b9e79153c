import { type Edit, type SpeakerTurns, speakerTurnsSchema, type Transcript, type Warning } from '@sotto/contracts';
import { decodeResult, type ResultBody } from '@sotto/queue/results';
import { editedTranscript, withSpeakerNames, withSpeakers } from '@sotto/transcript';

/** Every name is an entry of RENDERERS. */
export type RendererName =
  | 'format'
  | 'search'
  | 'openai'
  | 'openai_stream_end'
  | 'asr'
  | 'deepgram'
  | 'dub'
  | 'kept'
  | 'edited'
  | 'searched';

/**
 * Turns a transcript into the body of a response. Renderers are pure and their options plain data, so that another thread
 * can run them: it finds them by name.
 */
export interface Renderer<Options> {
  name: RendererName;
  /** @param plain the transcript without speakers, its segments as they were streamed; absent: there are none */
  render(transcript: Transcript, options: Options, plain?: Transcript): string | Uint8Array<ArrayBuffer>;
}

/** What a run knows of its speakers, beside its transcript. */
export interface StoredSpeakers {
  /** JSON of SpeakerTurns; null: they are not known, or not yet. */
  turns: string | null;
  /** Why they are not known. */
  warnings: readonly Warning[];
}

/** What endpoints need to know of a transcript besides its body. */
export type TranscriptFacts = Pick<Transcript, 'language' | 'durationMs' | 'model' | 'warnings'>;

export interface Rendered<Body = string | Uint8Array<ArrayBuffer>> {
  body: Body;
  facts: TranscriptFacts;
}

/** What is rendered. */
export interface StoredTranscript {
  stored: ResultBody;
  /** null: they were not asked for, or are part of the transcript. */
  speakers: StoredSpeakers | null;
  /** What the client calls them. */
  names: readonly string[];
  /** Made on it before it is rendered. Absent: none. */
  edits?: readonly Edit[];
}

/** Decodes a stored transcript and renders it. */
export async function renderStored<Options>(
  { stored, speakers, names, edits = [] }: StoredTranscript,
  { render }: Pick<Renderer<Options>, 'render'>,
  options: Options,
): Promise<Rendered> {
  const plain = (await decodeResult(stored)) as Transcript;
  const heard = speakers === null ? plain : told(plain, speakers);
  const transcript = withSpeakerNames(edits.length === 0 ? heard : editedTranscript(heard, edits), names);
  const { language, durationMs, model, warnings } = transcript;
  return { body: render(transcript, options, plain), facts: { language, durationMs, model, warnings } };
}

function told(plain: Transcript, { turns, warnings }: StoredSpeakers): Transcript {
  const warned = { ...plain, warnings: [...plain.warnings, ...warnings] };
  return turns === null ? warned : withSpeakers(warned, turnsOf(turns));
}

const turnsOf = (json: string): SpeakerTurns => speakerTurnsSchema.parse(JSON.parse(json));
