import { type ErrorCode, SottoError } from '@sotto/contracts';
import { z } from 'zod';

/** The parts of an address, and the error for those that name nothing. */
export class PathParams<S extends z.ZodObject = z.ZodObject> {
  readonly schema: S;
  readonly #code: ErrorCode;
  readonly #detail: string;

  constructor(schema: S, code: ErrorCode, detail: string) {
    this.schema = schema;
    this.#code = code;
    this.#detail = detail;
  }

  /** @throws SottoError notFound(): what cannot be an id is the id of nothing. */
  parse(values: unknown): z.output<S> {
    const parsed = this.schema.safeParse(values);
    if (!parsed.success) throw this.notFound();
    return parsed.data;
  }

  notFound(): SottoError {
    return new SottoError(this.#code, this.#detail);
  }
}

/** An id of ours, in lower case however it was written. */
export const uuid = z.uuid().toLowerCase();
