import { SottoError } from '@sotto/contracts';

/** A model that cannot be imported: the operator's folder is at fault, and the detail says in what. */
export const refused = (problem: string, cause?: unknown): SottoError =>
  new SottoError(
    'invalid_parameter',
    `The model cannot be imported: ${problem}.`,
    cause === undefined ? {} : { cause },
  );
