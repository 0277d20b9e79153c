import { type ApiKey, canonicalModelName, modelFamily, SottoError } from '@sotto/contracts';

/**
 * A key that is limited to some models gets none before it is known which one that is.
 *
 * @throws SottoError `forbidden`
 */
export function checkModel(model: string | null, key: ApiKey | null): void {
  const allowed = key?.limits.models ?? null;
  if (allowed === null) return;
  const names = allowed.map(canonicalModelName);
  if (model !== null && [model, modelFamily(model)].some((name) => names.includes(name.toLowerCase()))) return;
  throw new SottoError('forbidden', `This key may only use these models: ${names.join(', ')}.`, {
    fields: { models: names },
  });
}
