import { ConnectionError, SottoError } from '@sotto/client';
import type { TFunction } from 'i18next';
import { durationText } from '../i18n/durations.ts';

export interface Explanation {
  /** What happened. */
  title: string;
  /** What to do about it. */
  advice: string;
  /** In the service's own words; null: there are none. */
  detail: string | null;
  canRetry: boolean;
}

type Advice =
  | 'tooLarge'
  | 'keyFull'
  | 'quota'
  | 'tooMany'
  | 'full'
  | 'liveFull'
  | 'notAudio'
  | 'sample'
  | 'model'
  | 'address'
  | 'archive'
  | 'signIn'
  | 'notAllowed'
  | 'gone'
  | 'unexpected';

/** What helps depends on the code; what is not listed depends on whether trying again can help. */
const ADVICE: Partial<Record<SottoError['code'], Advice>> = {
  file_too_large: 'tooLarge',
  audio_too_long: 'tooLarge',
  key_full: 'keyFull',
  quota_exceeded: 'quota',
  rate_limit_exceeded: 'tooMany',
  too_many_streams: 'tooMany',
  live_full: 'liveFull',
  invalid_file_format: 'notAudio',
  no_audio_stream: 'notAudio',
  undecodable_media: 'notAudio',
  empty_file: 'notAudio',
  audio_too_short: 'notAudio',
  sample_not_usable: 'sample',
  model_not_available: 'model',
  language_not_supported: 'model',
  url_not_fetched: 'address',
  archive_not_usable: 'archive',
  unauthorized: 'signIn',
  csrf_token_wrong: 'signIn',
  forbidden: 'notAllowed',
  job_not_found: 'gone',
  result_expired: 'gone',
};

/** Any error in words: what happened, and what to do. */
export function explain(error: unknown, t: TFunction): Explanation {
  if (error instanceof ConnectionError) {
    return { title: t('errors.connection.title'), advice: t('errors.connection.advice'), detail: null, canRetry: true };
  }
  if (!(error instanceof SottoError)) {
    const detail = error instanceof Error ? error.message : String(error);
    return { title: t('errors.unexpected.title'), advice: t('errors.unexpected.advice'), detail, canRetry: true };
  }
  const { code, status, detail, retryAfterSeconds } = error;
  const kind = ADVICE[code] ?? (status === 503 ? 'full' : 'unexpected');
  const wait = retryAfterSeconds === undefined ? '' : t('errors.wait', { time: durationText(retryAfterSeconds, t) });
  return {
    title: t(`errors.${kind}.title`),
    advice: [t(`errors.${kind}.advice`), wait].filter(Boolean).join(' '),
    detail,
    canRetry: status === 429 || status >= 500 || code === 'url_not_fetched',
  };
}
