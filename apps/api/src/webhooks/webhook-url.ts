import { SottoError } from '@sotto/contracts';
import { type AddressGuard, RefusedAddress } from '@sotto/runtime';

/**
 * Whether a request may name this address. What its name resolves to is found out when it is called.
 *
 * @throws SottoError `invalid_parameter`.
 */
export function checkWebhookUrl(url: string, isEnabled: boolean, guard: AddressGuard): void {
  if (!isEnabled) throw wrong('is switched off on this service (WEBHOOK_SECRET is not set)');
  try {
    guard.check(new URL(url));
  } catch (error) {
    if (!(error instanceof RefusedAddress)) throw error;
    throw wrong(error.message);
  }
}

function wrong(problem: string): SottoError {
  return new SottoError('invalid_parameter', `webhook_url: ${problem}`, {
    fields: { parameters: [{ field: 'webhook_url', problem }] },
  });
}
