import { stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { VOICES_CATALOG } from './catalog/catalog.ts';
import { openSherpa } from './catalog/open-sherpa.ts';
import type { SpeechEngine } from './engine.ts';
import { EspeakEngine } from './espeak/espeak-engine.ts';
import { MANIFEST_FILE } from './install/installed-voice.ts';
import { ESPEAK_DATA_NAME, partPath, runtimePackage } from './install/places.ts';

/** Something that may be installed, and then speaks. */
export interface EngineSource {
  /** Changes when it is installed, replaced or removed; cheap. Never rejects. */
  mark(): Promise<string>;
  /** null: it is not installed. @throws SottoError why it cannot be used */
  open(): Promise<SpeechEngine | null>;
}

export interface EngineSourcesOptions {
  dir: string;
  threads?: number;
  signal?: AbortSignal;
}

const ESPEAK = 'espeak-ng';

/** Best first. */
export function engineSources({ dir, threads = 1, signal }: EngineSourcesOptions): EngineSource[] {
  return [
    ...VOICES_CATALOG.map((entry): EngineSource => {
      const files = [join(partPath(dir, entry.part.name), MANIFEST_FILE), runtimePackage(dir)];
      return {
        mark: () => markOf([...files, partPath(dir, ESPEAK_DATA_NAME)]),
        open: () => openSherpa(entry, { dir, threads }),
      };
    }),
    {
      mark: () => markOf((process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, ESPEAK))),
      open: () => EspeakEngine.open(signal === undefined ? {} : { signal }),
    },
  ];
}

async function markOf(paths: readonly string[]): Promise<string> {
  const marks = paths.map((path) =>
    stat(path).then(
      ({ ino, mtimeMs, size }) => `${ino} ${mtimeMs} ${size}`,
      () => '-',
    ),
  );
  return (await Promise.all(marks)).join(',');
}
