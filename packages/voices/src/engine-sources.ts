import { stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { VOICES_CATALOG } from './catalog/catalog.ts';
import { openSherpa } from './catalog/open-sherpa.ts';
import { CLONE_ENGINES, CLONE_MANIFEST } from './clone/clone-manifest.ts';
import { openClone } from './clone/open-clone.ts';
import type { EngineSource } from './engine-source.ts';
import { EspeakEngine } from './espeak/espeak-engine.ts';
import { MANIFEST_FILE } from './install/installed-voice.ts';
import { ESPEAK_DATA_NAME, partPath, runtimePackage } from './install/places.ts';
import type { RemoteSpeechOptions } from './remote/remote-engine.ts';
import { RemoteSource } from './remote/remote-source.ts';

export interface EngineSourcesOptions {
  dir: string;
  threads?: number;
  /** Another server that speaks; absent: none is asked. */
  remote?: RemoteSpeechOptions | undefined;
  signal?: AbortSignal | undefined;
}

const ESPEAK = 'espeak-ng';

/** Best first. */
export function engineSources({ dir, threads = 1, remote, signal }: EngineSourcesOptions): EngineSource[] {
  const others = remote === undefined ? [] : [new RemoteSource(remote, signal)];
  const here = enginesHere({ dir, threads, signal });
  return remote?.auto === 'prefer' ? [...others, ...here] : [...here, ...others];
}

function enginesHere({ dir, threads, signal }: EngineSourcesOptions & { threads: number }): EngineSource[] {
  return [
    ...VOICES_CATALOG.map((entry): EngineSource => {
      const files = [join(partPath(dir, entry.part.name), MANIFEST_FILE), runtimePackage(dir)];
      return {
        mark: () => markOf([...files, partPath(dir, ESPEAK_DATA_NAME)]),
        open: () => openSherpa(entry, { dir, threads }),
      };
    }),
    ...CLONE_ENGINES.map((name): EngineSource => {
      const files = [join(partPath(dir, name), CLONE_MANIFEST), runtimePackage(dir), partPath(dir, ESPEAK_DATA_NAME)];
      return { mark: () => markOf(files), open: () => openClone(name, { dir, threads }) };
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
