import { MARKUP_FORMATS, type TextFormat } from '@sotto/contracts';
import { errorCodeOf } from '@sotto/runtime';
import { onThread } from '../../../on-thread.ts';
import { type DocumentOptions, documentScript } from '../documents/document-script.ts';
import { notReadable } from '../documents/not-readable.ts';
import type { Script } from '../script/script.ts';

const IS_SOURCE = import.meta.url.endsWith('.ts');
const THREAD = new URL(IS_SOURCE ? '../../../../dev/script-thread.mjs' : './script-thread.js', import.meta.url);

/** Read in a few milliseconds, which is less than a thread takes to start. */
const SHORT_BYTES = 8192;
/** What a book needs is a tenth of it. */
const MEMORY_MB = 1024;
/** The largest text takes some seconds, and the slowest that is let in, Markdown of tiny blocks, half a minute. */
const READ_WITHIN_MS = 180_000;

/** What the thread is started with; it answers with a Script. */
export interface ReadingTask {
  bytes: Uint8Array;
  format: TextFormat;
  options: DocumentOptions;
}

/**
 * What is to be said of a text or a document, without holding up the event loop: a long one is read on a thread of its own.
 *
 * @throws as `documentScript`; SottoError invalid_document: it takes too much memory or time; the signal's reason
 */
export async function readScript(
  bytes: Buffer,
  format: TextFormat,
  options: DocumentOptions,
  signal: AbortSignal,
  limits = { memoryMb: MEMORY_MB, ms: READ_WITHIN_MS },
): Promise<Script> {
  if (bytes.length <= SHORT_BYTES && MARKUP_FORMATS.some((known) => known === format)) {
    return documentScript(bytes, format, options);
  }
  const late = AbortSignal.timeout(limits.ms);
  const task: ReadingTask = { bytes, format, options };
  try {
    return await onThread(
      { file: THREAD, task, limits: { maxOldGenerationSizeMb: limits.memoryMb } },
      AbortSignal.any([signal, late]),
    );
  } catch (error) {
    signal.throwIfAborted();
    if (late.aborted) throw notReadable('takes too long to read', error);
    if (errorCodeOf(error) === 'ERR_WORKER_OUT_OF_MEMORY') throw notReadable('takes too much memory to read', error);
    throw error;
  }
}
