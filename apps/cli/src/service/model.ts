import { SottoError } from '@sotto/contracts';
import { type ChosenModel, chooseModel } from '@sotto/whisper';
import { CommandError } from '../exit-codes.ts';
import type { Settings } from '../settings.ts';
import { ModelProgressBar } from '../terminal/model-progress.ts';
import { note } from '../terminal/output.ts';
import { attemptNotes } from './attempt-notes.ts';

/** The model to start with, installed if need be, with a progress bar; says what failed before it. */
export async function prepareModel(settings: Settings, signal?: AbortSignal): Promise<ChosenModel> {
  const bar = new ModelProgressBar();
  try {
    const chosen = await chooseModel(settings.model, settings.modelDir, {
      computeType: settings.computeType,
      onProgress: (progress) => bar.show(progress),
      ...(settings.modelBaseUrl !== null && { baseUrl: settings.modelBaseUrl }),
      ...(signal && { signal }),
    });
    bar.end();
    for (const line of attemptNotes(chosen.attempts)) note(line);
    return chosen;
  } catch (error) {
    bar.end();
    if (error instanceof SottoError) throw new CommandError(error.detail, undefined, { cause: error });
    throw error;
  }
}
