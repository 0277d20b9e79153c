import {
  type AskedVoices,
  type DeliveryOptions,
  deliveryOptionsOf,
  type RunKind,
  type RunOf,
  type RunOptions,
  runOptionsOf,
  SottoError,
  speakerWishOf,
  type TranscribeForm,
  transcribeFormSchema,
} from '@sotto/contracts';
import { invalidParameter, invalidParameters, problemsOf } from '../http/invalid-parameter.ts';
import { captionsOf } from '../results/formats.ts';
import type { ApiSettings } from '../settings/settings.ts';

/** What a request asks to be made of a recording: a kind of run, and its options. */
export type AskedOptions = { [K in RunKind]: AskedOf<K> }[RunKind];
export type TranscribeOptions = AskedOf<'transcription'>;

export interface AskedOf<K extends RunKind> {
  kind: K;
  run: RunOf<K>['options'];
  delivery: DeliveryOptions;
  /** A named list whose terms are added to those of the options. */
  vocabulary?: string;
  /** Whether it is kept, where the request says so; else it is as the key has it. */
  keeps?: KeepWish;
  /** Whose voices are looked for. */
  knownSpeakers?: AskedVoices;
  /** The longest recording this endpoint accepts; absent: MAX_DURATION. */
  maxDurationMs?: number;
  /** For display, instead of the name in the form part. */
  fileName?: string;
}

export interface KeepWish {
  isWanted?: boolean;
  days?: number;
}

/** What the two fields say that are the same in every dialect. */
export function keepWishOf({ keep, keep_days: days }: Pick<TranscribeForm, 'keep' | 'keep_days'>): KeepWish {
  return { ...(keep !== undefined && { isWanted: keep }), ...(days !== undefined && { days }) };
}

const FIELDS = new Set(Object.keys(transcribeFormSchema.shape));

/** A list may be named as most libraries name one: `keyterms[]`. */
export const isTranscribeField = (name: string): boolean => FIELDS.has(name) || name === 'keyterms[]';

/**
 * @throws SottoError `invalid_parameter` that names every field which cannot be used, `unknown_field`.
 */
export function parseTranscribeForm(fields: Record<string, unknown>): TranscribeOptions {
  const parsed = transcribeFormSchema.safeParse(fields);
  if (parsed.success) return transcribeOptionsOf(parsed.data);
  const unknown = parsed.error.issues.find((issue) => issue.code === 'unrecognized_keys');
  if (unknown !== undefined) throw new SottoError('unknown_field', `Unknown field: ${unknown.keys.join(', ')}.`);
  throw invalidParameters(problemsOf(parsed.error));
}

/** @throws SottoError `invalid_parameter` for fields that cannot go together */
export function transcribeOptionsOf(form: TranscribeForm): TranscribeOptions {
  const delivery = deliveryOptionsOf(form);
  captionsOf(delivery.captions);
  const { problem } = speakerWishOf(form);
  if (problem !== null) throw new SottoError('invalid_parameter', `${problem}.`);
  const run = runOptionsOf(form);
  if (delivery.responseFormat === 'rttm' && form.diarize === false && run.channels === undefined) {
    throw invalidParameters([{ field: 'response_format', problem: 'rttm has only speakers, but diarize is false' }]);
  }
  if (run.channels !== undefined && run.enhance !== undefined) {
    const echo = 'cannot go with channels=split, which tells an echo by the levels of the channels';
    throw invalidParameters([{ field: 'enhance', problem: echo }]);
  }
  const { vocabulary, known_speakers: knownSpeakers } = form;
  return {
    kind: 'transcription',
    run: withSpeakersFor(delivery, run),
    delivery,
    keeps: keepWishOf(form),
    ...(vocabulary !== undefined && { vocabulary }),
    ...(knownSpeakers !== undefined && { knownSpeakers }),
  };
}

/** A format that has nothing but speakers asks for them. */
function withSpeakersFor({ responseFormat }: DeliveryOptions, run: RunOptions): RunOptions {
  const hasSpeakers = run.speakers !== undefined || run.channels !== undefined;
  return responseFormat === 'rttm' && !hasSpeakers ? { ...run, speakers: {} } : run;
}

/** @throws SottoError `invalid_parameter` for a recording that is to be kept longer than this service keeps any. */
export function checkKeptAudio(
  { run }: TranscribeOptions,
  { maxKeepAudioSeconds: longest }: Pick<ApiSettings, 'maxKeepAudioSeconds'>,
): void {
  if ((run.keepAudioSeconds ?? 0) <= longest) return;
  const problem = longest === 0 ? 'is turned off on this service' : `may be at most ${longest} on this service`;
  throw invalidParameter('keep_audio', `${problem} (MAX_KEEP_AUDIO)`);
}
