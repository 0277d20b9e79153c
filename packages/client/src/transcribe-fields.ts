import type { ResponseFormat, TranscribeForm } from '#wire';
import type { FormField } from './multipart.ts';
import { replaceText } from './wording-shape.ts';

type CamelCase<S extends string> = S extends `${infer Head}_${infer Rest}`
  ? `${Head}${Capitalize<CamelCase<Rest>>}`
  : S;

/** Set by the call itself: `submit` or `transcribe`, and where the recording is. */
type CallField = 'async' | 'url' | 'upload_id' | 'item_id';

/** Every field of the form, by its name in code. */
type FormOptions = {
  [K in Exclude<keyof TranscribeForm, CallField> as CamelCase<K & string>]?: NonNullable<TranscribeForm[K]>;
};

/** What to do with a recording. What is left out the service decides. */
export interface TranscribeOptions<F extends ResponseFormat = ResponseFormat>
  extends Omit<FormOptions, 'language' | 'responseFormat' | 'keyterms'> {
  /** A code (`de`) or an English name (`german`). Default: detected. */
  language?: string;
  responseFormat?: F;
  /** Names and phrases to recognize. */
  keyterms?: readonly (string | Keyterm)[];
}

export interface Keyterm {
  text: string;
  /** How strongly it is expected, above 0; 1 by default. */
  weight?: number;
  /** Other ways in which it may be heard. */
  soundsLike?: readonly string[];
}

/** The fields of a form. */
export function transcribeFields(options: TranscribeOptions): FormField[] {
  const given = Object.entries(options).filter(([, value]) => value !== undefined && value !== null);
  return given.map(([name, value]) => [formName(name), (LISTS[name] ?? String)(value as never)]);
}

/** Lists that are sent as JSON. */
const LISTS: Readonly<Record<string, (value: never) => string>> = {
  keyterms: keytermsField,
  replace: replaceText,
  speakerNames: (names: readonly string[]) => JSON.stringify(names),
  knownSpeakers: (names: readonly string[] | 'all') => (names === 'all' ? names : JSON.stringify(names)),
};

function keytermsField(terms: NonNullable<TranscribeOptions['keyterms']>): string {
  const fields = (term: string | Keyterm) => {
    if (typeof term === 'string') return term;
    const { soundsLike, ...others } = term;
    return { ...others, sounds_like: soundsLike };
  };
  return JSON.stringify(terms.map(fields));
}

/** `responseFormat` -> `response_format` */
function formName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
