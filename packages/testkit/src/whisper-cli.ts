import { join } from 'node:path';
import { runCommand } from './command.ts';
import { REPOSITORY } from './folders.ts';
import type { Resource } from './resources.ts';

const BUILD_NATIVE = join(REPOSITORY, 'packages/whisper/scripts/build-native.mjs');

/**
 * Path of whisper.cpp's own command-line program, built stock (no patch of ours) from the sources that nodejs-whisper
 * ships: the reference for texts and times. Built once per machine, in minutes.
 */
export async function whisperCli(): Promise<Resource<string>> {
  const { code, stdout, stderr } = await runCommand(process.execPath, [BUILD_NATIVE, '--whisper-cli-stock']);
  const path = stdout.toString('utf8').trim();
  return code === 0 && path !== '' ? { value: path } : { skipped: `whisper-cli could not be built: ${stderr.trim()}` };
}
