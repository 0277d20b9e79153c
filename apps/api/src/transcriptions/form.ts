import {
  type DeliveryOptions,
  deliveryOptionsOf,
  type RunKind,
  type RunOf,
  runOptionsOf,
  SottoError,
  transcribeFormSchema,
} from '@sotto/contracts';
import { invalidParameters, problemsOf } from '../http/invalid-parameter.ts';
import { captionsOf } from '../results/formats.ts';

/** What a request asks to be made of a recording: a kind of run, and its options. */
export type AskedOptions = { [K in RunKind]: AskedOf<K> }[RunKind];
export type TranscribeOptions = AskedOf<'transcription'>;

export interface AskedOf<K extends RunKind> {
  kind: K;
  run: RunOf<K>['options'];
  delivery: DeliveryOptions;
  /** A named list whose terms are added to those of the options. */
  vocabulary?: string;
  /** The longest recording this endpoint accepts; absent: MAX_DURATION. */
  maxDurationMs?: number;
  /** For display, instead of the name in the form part. */
  fileName?: string;
}

const FIELDS = new Set(Object.keys(transcribeFormSchema.shape));

/** A list may be named as most libraries name one: `keyterms[]`. */
export const isTranscribeField = (name: string): boolean => FIELDS.has(name) || name === 'keyterms[]';

/**
 * @throws SottoError `invalid_parameter` that names every field which cannot be used, `unknown_field`.
 */
export function parseTranscribeForm(fields: Record<string, unknown>): TranscribeOptions {
  const parsed = transcribeFormSchema.safeParse(fields);
  if (parsed.success) {
    const delivery = deliveryOptionsOf(parsed.data);
    captionsOf(delivery.captions);
    const { vocabulary } = parsed.data;
    return {
      kind: 'transcription',
      run: runOptionsOf(parsed.data),
      delivery,
      ...(vocabulary !== undefined && { vocabulary }),
    };
  }
  const unknown = parsed.error.issues.find((issue) => issue.code === 'unrecognized_keys');
  if (unknown !== undefined) throw new SottoError('unknown_field', `Unknown field: ${unknown.keys.join(', ')}.`);
  throw invalidParameters(problemsOf(parsed.error));
}
