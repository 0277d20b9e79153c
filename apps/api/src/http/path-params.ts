import { type ErrorCode, SottoError } from '@sotto/contracts';
import { z } from 'zod';

/** The parameters in a path, and the error for values that match nothing. */
export class PathParams<S extends z.ZodObject = z.ZodObject> {
  readonly schema: S;
  readonly #code: ErrorCode;
  readonly #detail: string;

  constructor(schema: S, code: ErrorCode, detail: string) {
    this.schema = schema;
    this.#code = code;
    this.#detail = detail;
  }

  /** @throws SottoError notFound(), also for what cannot be an id at all. */
  parse(values: unknown): z.output<S> {
    const parsed = this.schema.safeParse(values);
    if (!parsed.success) throw this.notFound();
    return parsed.data;
  }

  notFound(): SottoError {
    return new SottoError(this.#code, this.#detail);
  }
}

/** One of our ids, accepted in upper case too. */
export const uuid = z.uuid().toLowerCase();
