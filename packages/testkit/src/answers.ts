import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Answered, ApiDocument, DocumentedApi } from './documented-api.ts';
import { REPOSITORY } from './folders.ts';

/** A file to which an API process writes what it answers (jest/record-answers.js), and how far it has been read. */
interface Recording {
  file: string;
  readBytes: number;
}

/** Shared by everything that a test file loads; its files are removed by the test environment (jest/environment.js). */
interface Answers {
  recordings: Recording[];
  api: DocumentedApi | null;
  unchecked: Answered[];
}

const KEY = Symbol.for('sotto.testkit.answers');

function answers(): Answers {
  const holder = globalThis as { [KEY]?: Answers };
  holder[KEY] ??= { recordings: [], api: null, unchecked: [] };
  return holder[KEY];
}

/** Under jest every API process has its answers checked; elsewhere (benchmarks) none. */
const isChecked = (): boolean => process.env.JEST_WORKER_ID !== undefined;

/** Node's arguments and environment that make a server write down its answers. */
export function recordedAnswers(): { args: string[]; env: Record<string, string> } {
  if (!isChecked()) return { args: [], env: {} };
  const file = join(tmpdir(), `sotto-test-answers-${randomUUID()}.jsonl`);
  closeSync(openSync(file, 'a'));
  answers().recordings.push({ file, readBytes: 0 });
  const preload = pathToFileURL(join(REPOSITORY, 'packages/testkit/jest/record-answers.js')).href;
  return { args: ['--import', preload], env: { SOTTO_TEST_ANSWERS: file } };
}

/**
 * What the API processes of this test file have answered since the last call against the OpenAPI document that they
 * serve: one line for each answer that is not as documented.
 */
export async function undocumentedAnswers(): Promise<string[]> {
  const all = answers();
  all.unchecked.push(...all.recordings.flatMap(readNew));
  all.api ??= await documentAmong(all.unchecked);
  const { api } = all;
  if (api === null) return [];
  return all.unchecked.splice(0).flatMap((answered) => {
    const problems = api.problemsOf(answered);
    const { method, url, status, body } = answered;
    return problems.length === 0
      ? []
      : [`${method} ${url.slice(0, 200)} -> ${status}: ${problems.join('; ')} (${body?.slice(0, 300)})`];
  });
}

/** Fails naming the answers that are not as documented. */
export async function expectDocumentedAnswers(): Promise<void> {
  const undocumented = await undocumentedAnswers();
  if (undocumented.length > 0) throw new Error(`Answers that are not as documented:\n${undocumented.join('\n')}`);
}

/** startApi asks each process for its document first. */
async function documentAmong(answered: readonly Answered[]): Promise<DocumentedApi | null> {
  const found = answered.find(
    ({ method, url, status }) => method === 'GET' && url === '/openapi.json' && status === 200,
  );
  if (found?.body == null) return null;
  const { DocumentedApi } = await import('./documented-api.ts');
  return new DocumentedApi(JSON.parse(found.body) as ApiDocument);
}

/** Whole lines only: another may be being written. */
function readNew(recording: Recording): Answered[] {
  const descriptor = openSync(recording.file, 'r');
  const parts: Buffer[] = [];
  try {
    const buffer = Buffer.alloc(1024 * 1024);
    for (let at = recording.readBytes; ; ) {
      const bytes = readSync(descriptor, buffer, 0, buffer.length, at);
      if (bytes === 0) break;
      parts.push(Buffer.from(buffer.subarray(0, bytes)));
      at += bytes;
    }
  } finally {
    closeSync(descriptor);
  }
  const text = Buffer.concat(parts);
  const whole = text.subarray(0, text.lastIndexOf('\n') + 1);
  recording.readBytes += whole.length;
  return whole
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Answered);
}
