import type { TranscribeOptions } from '@sotto/client';

/** What is to be done with recordings; empty: what the service does by itself. */
export interface Choice {
  language: string;
  model: string;
  task: 'transcribe' | 'translate';
  /** `off`, `auto`, or how many. */
  speakers: string;
  /** Names and words to expect, separated by commas. */
  terms: string;
  /** `no`, empty: as long as the library says, or so many days. */
  keep: string;
  /** Makes quiet and noisy recordings better to hear before they are transcribed. */
  enhance: boolean;
}

export const NO_CHOICE: Choice = {
  language: '',
  model: '',
  task: 'transcribe',
  speakers: 'off',
  terms: '',
  keep: '',
  enhance: false,
};

/** @param hasLibrary whether this service keeps anything */
export function optionsOf(choice: Choice, hasLibrary: boolean): TranscribeOptions {
  const { language, model, task, speakers, terms, keep, enhance } = choice;
  const keyterms = listOf(terms);
  return {
    ...(language !== '' && { language }),
    ...(model !== '' && { model }),
    ...(task === 'translate' && { task }),
    ...(speakers !== 'off' && { diarize: true }),
    ...(/^\d+$/.test(speakers) && { numSpeakers: Number(speakers) }),
    ...(keyterms.length > 0 && { keyterms }),
    ...(hasLibrary && keep !== 'no' && { keep: true }),
    ...(hasLibrary && /^\d+$/.test(keep) && { keepDays: Number(keep) }),
    ...(enhance && { enhance: 'auto' as const }),
  };
}

const listOf = (terms: string): string[] =>
  terms
    .split(/[,\n]/)
    .map((term) => term.trim())
    .filter((term) => term !== '');

type Fields = Record<string, string | number | boolean>;

/** As fields of `POST /transcribe`, which a profile keeps. */
export function fieldsOf({ language, model, task, speakers, terms, keep, enhance }: Choice): Fields {
  const keyterms = listOf(terms);
  return {
    ...(language !== '' && { language }),
    ...(model !== '' && { model }),
    ...(task !== NO_CHOICE.task && { task }),
    ...(speakers !== 'off' && { diarize: true }),
    ...(/^\d+$/.test(speakers) && { num_speakers: Number(speakers) }),
    ...(keyterms.length > 0 && { keyterms: JSON.stringify(keyterms) }),
    ...(keep === 'no' && { keep: false }),
    ...(/^\d+$/.test(keep) && { keep_days: Number(keep) }),
    ...(enhance && { enhance: 'auto' }),
  };
}

/** What of such fields this page can show; programs may have written others. */
export function choiceOf(fields: Fields): Choice {
  const text = (name: string): string => (typeof fields[name] === 'string' ? fields[name] : '');
  const { diarize, num_speakers: speakers, keep, keep_days: days } = fields;
  return {
    language: text('language'),
    model: text('model'),
    task: fields.task === 'translate' ? 'translate' : 'transcribe',
    speakers: typeof speakers === 'number' ? String(speakers) : diarize === true ? 'auto' : 'off',
    terms: termsText(text('keyterms')),
    keep: keep === false ? 'no' : typeof days === 'number' ? String(days) : '',
    enhance: text('enhance') === 'auto',
  };
}

function termsText(field: string): string {
  try {
    const terms: unknown = JSON.parse(field);
    return Array.isArray(terms) ? terms.filter((term) => typeof term === 'string').join(', ') : field;
  } catch {
    return field;
  }
}
