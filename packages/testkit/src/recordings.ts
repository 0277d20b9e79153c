import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from './folders.ts';
import type { Resource } from './resources.ts';

const FOLDER = join(REPOSITORY, '../shared/data');

/** The folder beside the checkout with recordings that are not ours to publish, or which of these files it lacks. */
export function realRecordings(...files: string[]): Resource<string> {
  const missing = files.filter((file) => !existsSync(join(FOLDER, file)));
  if (missing.length === 0) return { value: FOLDER };
  return { skipped: `${missing.join(', ')}: not ours to publish, and not in ${FOLDER}` };
}
