import type { Warning } from '@sotto/contracts';
import type { KnownModel } from '../models/model-directory.ts';

/** Warnings about the model of a run. `isLanguageOpen`: the request named no language. */
export function modelWarnings(model: KnownModel, isLanguageOpen: boolean): Warning[] {
  const warnings: Warning[] = [];
  if (model.warning !== null) warnings.push({ code: 'model', detail: model.warning });
  if (model.multilingual === false && isLanguageOpen) {
    warnings.push({
      code: 'language_assumed',
      detail: `${model.name} only knows English: the language was not detected.`,
    });
  }
  return warnings;
}
