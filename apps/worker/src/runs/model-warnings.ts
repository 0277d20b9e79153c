import type { Warning } from '@sotto/contracts';
import type { KnownModel } from '../models/model-directory.ts';

/** What a client is to know of the model; `isLanguageOpen`: the request named no language. */
export function modelWarnings(model: KnownModel, isLanguageOpen: boolean): Warning[] {
  const warnings: Warning[] = [];
  if (model.warning !== null) warnings.push({ code: 'model', detail: model.warning });
  if (model.multilingual === false && isLanguageOpen) {
    warnings.push({
      code: 'language_assumed',
      detail: `${model.name} only knows English: no language was looked for.`,
    });
  }
  return warnings;
}
