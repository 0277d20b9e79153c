import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, parse } from 'node:path';
import type { ResponseFormat } from '@sotto/contracts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { withLineBreak } from '../terminal/output.ts';

/** Other names than their format's own. */
const EXTENSIONS: Partial<Record<ResponseFormat, string>> = { text: 'txt', verbose_json: 'json' };

/** @throws CommandError for a format that would fill the screen with bytes. */
export function mustSuitStdout(format: ResponseFormat): void {
  if (format !== 'docx' || !process.stdout.isTTY) return;
  throw new CommandError('docx cannot be shown in a terminal: redirect it into a file.', EXIT.usage);
}

/** `talks/talk.mp3` -> `FOLDER/talk.srt` */
export function resultPath(file: string, folder: string, format: ResponseFormat): string {
  return withExtension(join(folder, parse(file).name), format);
}

/** `FOLDER/talk` -> `FOLDER/talk.srt` */
export function withExtension(path: string, format: ResponseFormat): string {
  return `${path}.${EXTENSIONS[format] ?? format}`;
}

/**
 * The whole file or none: whoever sees it may read it.
 * @throws CommandError when it cannot be written
 */
export async function writeResult(path: string, body: string | Uint8Array | AsyncIterable<Uint8Array>): Promise<void> {
  const half = join(dirname(path), `.${randomUUID()}.tmp`);
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(half, typeof body === 'string' ? withLineBreak(body) : body);
    await rename(half, path);
  } catch (cause) {
    await rm(half, { force: true }).catch(() => {});
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CommandError(`${path} cannot be written: ${why}`, EXIT.failed, { cause });
  }
}
