import {
  DEFAULT_RUN_OPTIONS,
  deliveryOptionsOf,
  type Keyterm,
  languageList,
  languageWishOf,
  MAX_KEYTERM_WEIGHT,
  mergeKeyterms,
  type RunOptions,
  type WordingChoice,
  wireKeytermsSchema,
  wordingOf,
} from '@sotto/contracts';
import { z } from 'zod';
import { invalidParameter, parseParameters } from '../http/invalid-parameter.ts';
import type { ModelMap } from '../settings/model-map.ts';
import type { TranscribeOptions } from '../transcriptions/form.ts';
import type { DeepgramShape } from './answers.ts';
import type { RecordingQuery } from './listen-query.ts';
import { modelNamed } from './model-names.ts';

const UTTERANCE_SPLIT_SECONDS = 0.8;

/** How the answer looks, as far as its query says. */
export type AskedShape = Omit<DeepgramShape, 'requestId' | 'createdAtMs' | 'sha256' | 'version' | 'ignored'>;

/** @throws SottoError `invalid_parameter`. */
export function recordingOptionsOf(query: RecordingQuery, models: ModelMap): TranscribeOptions {
  const isDiarized = isDiarizing(query);
  const isMultichannel = query.multichannel ?? false;
  if (isDiarized && isMultichannel) {
    throw invalidParameter('diarize', 'cannot go with multichannel: each channel is a speaker');
  }
  const keyterms = expectedTerms(query);
  return {
    kind: 'transcription',
    run: {
      ...DEFAULT_RUN_OPTIONS,
      ...languageWish(query),
      model: modelNamed(query.model, models),
      ...(keyterms.length > 0 && { keyterms }),
      ...(isDiarized && { speakers: {} }),
      ...(isMultichannel && { channels: 'split' as const }),
    },
    delivery: {
      ...deliveryOptionsOf({}),
      responseFormat: 'verbose_json',
      granularity: 'word',
      wording: wordingIn(query),
    },
  };
}

export function askedShapeOf(query: RecordingQuery): AskedShape {
  const { language, smart_format: isSmart = false, punctuate = false, paragraphs = false, utterances = false } = query;
  return {
    isPunctuated: punctuate || isSmart || paragraphs,
    hasSpeakers: isDiarizing(query),
    wording: wordingOf(wordingIn(query)),
    hasParagraphs: paragraphs || isSmart,
    utteranceSplitMs: utterances ? 1000 * (query.utt_split ?? UTTERANCE_SPLIT_SECONDS) : null,
    isLanguageDetected: language === undefined || language === null,
    isMultilingual: language === 'multi',
    isMultichannel: query.multichannel ?? false,
    tags: query.tag ?? [],
    extra: Object.fromEntries(
      (query.extra ?? []).map((text) => [text.split(':')[0], text.slice(text.indexOf(':') + 1)]),
    ),
  };
}

const isDiarizing = ({ diarize = false, diarize_model: model = '' }: RecordingQuery): boolean =>
  diarize || model !== '';

/** `numerals` and filler words as in Deepgram: neither unless asked for. */
export function wordingIn(
  query: Pick<RecordingQuery, 'smart_format' | 'numerals' | 'filler_words' | 'profanity_filter' | 'replace'>,
): WordingChoice {
  const isInDigits = query.numerals ?? query.smart_format ?? false;
  return {
    disfluencies: query.filler_words ?? false,
    ...(isInDigits && { numbers: 'digits' }),
    ...(query.profanity_filter && { profanity: 'mask' }),
    ...(query.replace !== undefined && { replace: query.replace }),
  };
}

/** A language that is named is not looked for, whatever else is asked. */
function languageWish({
  language,
  detect_language: detect = [],
}: RecordingQuery): Pick<RunOptions, 'language' | 'languages' | 'multilingual'> {
  const choices = detect.filter((text) => !['true', 'false', '1', '0', ''].includes(text.toLowerCase()));
  const languages = choices.flatMap(
    (name) => parseParameters(z.object({ detect_language: languageList }), { detect_language: name }).detect_language,
  );
  return languageWishOf({ language, ...(language === undefined && { languages: [...new Set(languages)].sort() }) });
}

/** Both kinds. Intensifiers are as strong as keyterms can be; those that want a word less often have no effect. */
export function expectedTerms({
  keyterm = [],
  keywords = [],
}: Pick<RecordingQuery, 'keyterm' | 'keywords'>): Keyterm[] {
  const wanted = keywords.filter(({ term, intensifier }) => term.trim() !== '' && intensifier > 0);
  const terms = wanted.map(({ term, intensifier }) => ({
    text: term,
    weight: Math.min(MAX_KEYTERM_WEIGHT, intensifier),
  }));
  const checked = parseParameters(z.object({ keywords: wireKeytermsSchema }), { keywords: terms });
  return mergeKeyterms(keyterm, checked.keywords);
}
