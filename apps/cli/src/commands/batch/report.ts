import { SottoError, type WireBatch } from '@sotto/client';
import { wireBatchItemSchema } from '@sotto/contracts';
import { z } from 'zod';
import { reasonOf, sentenceOf } from '../../connection/refusal.ts';
import { CommandError, EXIT, type ExitCode } from '../../exit-codes.ts';
import { note } from '../../terminal/output.ts';
import type { BatchResults } from './results.ts';
import type { BatchSource } from './sources.ts';

type Item = Pick<WireBatch['items'][number], 'index' | 'status' | 'error' | 'detail'>;

/**
 * Says of every recording where its result is, or why there is none.
 * @param unwritten why results could not be had or written, by item
 */
export function report(
  { items }: WireBatch,
  sources: readonly BatchSource[],
  results: BatchResults,
  unwritten: ReadonlyMap<number, unknown>,
): ExitCode {
  for (const line of results.lines()) note(line);
  let failed = 0;
  for (const item of items) {
    const failure = failureOf(item, unwritten.get(item.index));
    if (failure === null) continue;
    note(`${sources[item.index]?.name}: ${failure}`);
    failed += 1;
  }
  return failed === 0 ? EXIT.ok : EXIT.failed;
}

function failureOf({ status, error, detail = '' }: Item, unwritten: unknown): string | null {
  if (status === 'cancelled') return 'was cancelled';
  if (status !== 'completed') return sentenceOf(error ?? 'internal_error', detail);
  if (unwritten === undefined) return null;
  return unwritten instanceof CommandError ? unwritten.message : reasonOf(unwritten);
}

const refusedItemsSchema = z.array(wireBatchItemSchema.pick({ index: true, error: true, detail: true }));

/** Of a batch from which nothing was accepted: a line for each recording. null for any other error. */
export function refusalOf(error: unknown, sources: readonly BatchSource[]): CommandError | null {
  const items = refusedItemsSchema.safeParse(error instanceof SottoError ? error.fields.items : null);
  if (!items.success) return null;
  const lines = items.data.map(
    (item) => `${sources[item.index]?.name}: ${failureOf({ ...item, status: 'failed' }, undefined)}`,
  );
  return new CommandError(lines.join('\n'), EXIT.failed, { cause: error });
}
