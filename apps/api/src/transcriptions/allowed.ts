import type { DeliveryOptions } from '@sotto/contracts';
import type { AddressGuard } from '@sotto/runtime';
import { invalidParameter } from '../http/invalid-parameter.ts';
import type { Principal } from '../http/principal.ts';
import type { ApiSettings } from '../settings/settings.ts';
import { checkWebhookUrl } from '../webhooks/webhook-url.ts';
import { checkKeptAudio, type TranscribeOptions } from './form.ts';

export interface AllowedDeps extends DeliveryDeps {
  settings: DeliveryDeps['settings'] & Pick<ApiSettings, 'maxKeepAudioSeconds'>;
}

/** @throws SottoError `invalid_parameter` for what this service does not do, or not for that key */
export function checkAllowed(options: TranscribeOptions, principal: Pick<Principal, 'key'>, deps: AllowedDeps): void {
  checkKeptAudio(options, deps.settings);
  checkDelivery(options.delivery, principal, deps);
}

export interface DeliveryDeps {
  settings: Pick<ApiSettings, 'asyncEnabled' | 'webhooksEnabled'>;
  guard: AddressGuard;
}

/** The same of how the result of any work is delivered. */
export function checkDelivery(
  { async, webhookUrl }: Pick<DeliveryOptions, 'async' | 'webhookUrl'>,
  { key }: Pick<Principal, 'key'>,
  { settings, guard }: DeliveryDeps,
): void {
  if (async && !settings.asyncEnabled) throw invalidParameter('async', 'is turned off on this service (ENABLE_ASYNC)');
  if (webhookUrl === undefined) return;
  checkWebhookUrl(webhookUrl, settings.webhooksEnabled || key?.hasWebhookSecret === true, guard);
}
