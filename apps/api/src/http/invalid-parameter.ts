import { SottoError } from '@sotto/contracts';
import type { z } from 'zod';

/** What is wrong with one parameter: `{field: 'limit', problem: 'must be a number'}`. */
export interface Problem {
  /** The client's name for it; empty: all of the input. */
  field: string;
  problem: string;
}

/** What a schema found wrong, in its own words. */
export function problemsOf({ issues }: z.ZodError): Problem[] {
  return issues.map(({ path, message }) => ({ field: path.join('.'), problem: message }));
}

/** Names every parameter that cannot be used: in words in `detail`, and as a list in `parameters`. */
export function invalidParameters(problems: readonly Problem[]): SottoError {
  const sentences = problems.map(({ field, problem }) => (field === '' ? problem : `${field}: ${problem}`));
  return new SottoError('invalid_parameter', sentences.join('; '), { fields: { parameters: problems } });
}

export function invalidParameter(field: string, problem: string): SottoError {
  return invalidParameters([{ field, problem }]);
}

/** @throws SottoError `invalid_parameter`. */
export function parseParameters<S extends z.ZodType>(schema: S, values: unknown): z.output<S> {
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  throw invalidParameters(problemsOf(parsed.error));
}
