import { type AddressGuard, RefusedAddress } from '@sotto/runtime';
import { invalidParameter } from '../http/invalid-parameter.ts';

/**
 * Checks that a request may name this address. What the name resolves to is checked when it is called.
 *
 * @throws SottoError `invalid_parameter`.
 */
export function checkWebhookUrl(url: string, isEnabled: boolean, guard: AddressGuard): void {
  if (!isEnabled) throw invalidParameter('webhook_url', 'is turned off on this service (WEBHOOK_SECRET is not set)');
  try {
    guard.check(new URL(url));
  } catch (error) {
    if (!(error instanceof RefusedAddress)) throw error;
    throw invalidParameter('webhook_url', error.message);
  }
}
