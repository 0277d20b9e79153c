import type { OfferedVoice } from '@sotto/contracts';
import {
  downloadBytes,
  installVoices,
  openEngines,
  RUNTIME_LICENCE,
  removeVoices,
  VOICES_CATALOG,
  voicesEntry,
  voicesFolder,
} from '@sotto/voices';
import { CommandError, EXIT, type ExitCode } from '../../exit-codes.ts';
import { readSettings } from '../../settings.ts';
import { bytesText, note, result, table } from '../../terminal/output.ts';
import { withProgress } from '../../terminal/with-progress.ts';

/** What can be installed and is, or with `voices` each voice that can speak here. */
export async function listVoices({ voices = false }: { voices?: boolean }): Promise<ExitCode> {
  const engines = await openEngines({ dir: folder() });
  try {
    const offers = engines.offers();
    const isThere = (engine: string) => (offers.some((offer) => offer.engine === engine) ? 'installed' : '');
    const rows = voices
      ? offers.flatMap(({ engine, voices: each }) => each.map((voice) => voiceRow(engine, voice)))
      : VOICES_CATALOG.map((entry) => [
          entry.name,
          bytesText(downloadBytes(entry)),
          entry.title,
          entry.licence,
          isThere(entry.model.name),
        ]);
    const headline = voices ? ['VOICE', 'ENGINE', 'QUALITY', 'LANGUAGES'] : ['NAME', 'DOWNLOAD', '', 'LICENCE', ''];
    result(table([headline, ...rows]));
    if (!voices && isThere('espeak') === '') note('espeak-ng, which speaks what the others do not, is not installed.');
    for (const problem of engines.problems) note(problem);
    return EXIT.ok;
  } finally {
    await engines.close();
  }
}

const MOST_LANGUAGES = 9;

function voiceRow(engine: string, { id, quality, languages }: OfferedVoice): string[] {
  const others = languages.length - MOST_LANGUAGES;
  const shown = languages.slice(0, MOST_LANGUAGES).join(' ');
  return [id, engine, quality, others > 0 ? `${shown} and ${others} more` : shown];
}

export async function installAllVoices(names: readonly string[]): Promise<ExitCode> {
  for (const name of names) {
    const isNew = await withProgress((bar) =>
      installVoices(name, folder(), { onProgress: (progress) => bar.show(progress) }),
    );
    const { licence, attribution } = voicesEntry(name);
    result(isNew ? `${name} is installed in ${folder()}` : `${name} is there already`);
    if (isNew) note(`${attribution}. ${licence}. It runs in ${RUNTIME_LICENCE}.`);
  }
  return EXIT.ok;
}

export async function removeAllVoices(names: readonly string[]): Promise<ExitCode> {
  for (const name of names) {
    const wasThere = await withProgress(() => removeVoices(name, folder()));
    if (!wasThere) throw new CommandError(`The voices ${name} are not installed in ${folder()}.`);
    note(`${name} is removed.`);
  }
  return EXIT.ok;
}

const folder = (): string => voicesFolder(readSettings(process.env).modelDir);
