import type { AddressGuard } from '@sotto/runtime';
import { invalidParameter } from '../http/invalid-parameter.ts';
import type { Principal } from '../http/principal.ts';
import type { ApiSettings } from '../settings/settings.ts';
import { checkWebhookUrl } from '../webhooks/webhook-url.ts';
import { checkKeptAudio, type TranscribeOptions } from './form.ts';

export interface AllowedDeps {
  settings: Pick<ApiSettings, 'asyncEnabled' | 'webhooksEnabled' | 'maxKeepAudioSeconds'>;
  guard: AddressGuard;
}

/** @throws SottoError `invalid_parameter` for what this service does not do, or not for that key */
export function checkAllowed(
  options: TranscribeOptions,
  { key }: Pick<Principal, 'key'>,
  { settings, guard }: AllowedDeps,
): void {
  const { async, webhookUrl } = options.delivery;
  checkKeptAudio(options, settings);
  if (async && !settings.asyncEnabled) throw invalidParameter('async', 'is turned off on this service (ENABLE_ASYNC)');
  if (webhookUrl === undefined) return;
  checkWebhookUrl(webhookUrl, settings.webhooksEnabled || key?.hasWebhookSecret === true, guard);
}
