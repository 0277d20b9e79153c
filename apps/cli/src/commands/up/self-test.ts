import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import { errorBodySchema, wireTranscriptSchema } from '@sotto/contracts';
import { CommandError } from '../../exit-codes.ts';
import type { Sample } from '../../service/sample.ts';

export interface SelfTest {
  text: string;
  elapsedMs: number;
  /** Whether the words are those of the sample; a model of another language may well hear others. */
  asSpoken: boolean;
}

/** Sends the sample the way every client does. `cache=false`: an answer of yesterday would prove nothing. */
export async function runSelfTest(
  url: string,
  sample: Sample,
  apiKey: string | null,
  signal: AbortSignal,
): Promise<SelfTest> {
  const startedMs = performance.now();
  const form = new FormData();
  form.set('file', await openAsBlob(sample.path), basename(sample.path));
  form.set('cache', 'false');
  const headers: Record<string, string> = apiKey === null ? {} : { 'x-api-key': apiKey };
  const answer = await fetch(`${url}/transcribe`, { method: 'POST', body: form, headers, signal });
  const body: unknown = await answer.json();
  if (answer.status !== 200) throw new CommandError(`The self-test failed: ${reasonOf(body, answer.status)}`);
  const { text } = wireTranscriptSchema.parse(body);
  const elapsedMs = Math.round(performance.now() - startedMs);
  return { text: text.trim(), elapsedMs, asSpoken: lettersOf(text) === lettersOf(sample.text) };
}

function reasonOf(body: unknown, status: number): string {
  const error = errorBodySchema.safeParse(body);
  return error.success ? `${error.data.message} ${error.data.detail}` : `HTTP status ${status}`;
}

const lettersOf = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
