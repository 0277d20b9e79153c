import type { DeliveryOptions } from './options.ts';
import type { SpeakForm } from './speak-form.ts';
import type { SpeechOptions } from './speech.ts';

/** The one place where these names become options. */
export function speechOptionsOf({ voice, language, speed, text_format }: SpeakForm): SpeechOptions {
  const isAuto = language === undefined || language === 'auto';
  return { voice, language: isAuto ? null : language, speed, textFormat: text_format };
}

export function speechDeliveryOf(form: SpeakForm): DeliveryOptions {
  return {
    responseFormat: 'json',
    granularity: 'segment',
    audioFormat: form.response_format,
    async: form.async,
    priority: form.priority ?? null,
    cancelOnDisconnect: form.cancel_on_disconnect,
    cache: form.cache,
    ...(form.webhook_url !== undefined && { webhookUrl: form.webhook_url }),
  };
}
