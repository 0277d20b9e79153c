import type { DeliveryOptions } from './options.ts';
import { pronunciationsOf } from './pronunciations.ts';
import type { SpeakForm } from './speak-form.ts';
import type { SpeechOptions } from './speech.ts';
import { deliveryOptionsOf } from './transcribe-form.ts';

/** The one place where these names become options. */
export function speechOptionsOf({
  voice,
  language,
  speed,
  text_format,
  timestamp_granularity,
  pronunciations = [],
}: Omit<SpeakForm, 'text'>): SpeechOptions {
  const isAuto = language === undefined || language === 'auto';
  const wordTimes = timestamp_granularity === 'word' && { wordTimes: true as const };
  return {
    voice,
    language: isAuto ? null : language,
    speed,
    textFormat: text_format ?? 'text',
    ...wordTimes,
    ...pronunciationsOf(pronunciations),
  };
}

export function speechDeliveryOf(form: Omit<SpeakForm, 'text'>): DeliveryOptions {
  const { response_format: audioFormat, async, priority, cancel_on_disconnect, cache, webhook_url } = form;
  return { ...deliveryOptionsOf({ async, priority, cancel_on_disconnect, cache, webhook_url }), audioFormat };
}
