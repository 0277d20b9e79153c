import { SottoError } from '@sotto/contracts';

/** @param what is wrong with it, as the end of a sentence that begins with "The document" */
export const notReadable = (what: string, cause?: unknown): SottoError =>
  new SottoError('invalid_document', `The document ${what}.`, { cause });
