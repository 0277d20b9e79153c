import { SottoError } from '@sotto/contracts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { ModelProgressBar } from './model-progress.ts';

/** Installs something with its progress shown. @throws CommandError for what the catalogue of errors knows */
export async function withProgress<T>(work: (bar: ModelProgressBar) => Promise<T>): Promise<T> {
  const bar = new ModelProgressBar();
  try {
    return await work(bar);
  } catch (error) {
    if (error instanceof SottoError) throw new CommandError(error.detail, EXIT.failed, { cause: error });
    throw error;
  } finally {
    bar.end();
  }
}
