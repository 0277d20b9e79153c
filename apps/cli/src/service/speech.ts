import { SottoError } from '@sotto/contracts';
import { installVoices, VOICES_CATALOG, voicesFolder } from '@sotto/voices';
import type { Settings } from '../settings.ts';
import { ModelProgressBar } from '../terminal/model-progress.ts';
import { note } from '../terminal/output.ts';

/**
 * Installs the best voices that can be had: Kokoro, else Piper's joe. Without either the service speaks with espeak-ng, which is no
 * reason not to start.
 * @throws the signal's reason
 */
export async function prepareSpeech({ modelDir }: Settings, signal: AbortSignal): Promise<void> {
  for (const { name, attribution, licence } of VOICES_CATALOG) {
    const bar = new ModelProgressBar();
    try {
      const onProgress = bar.show.bind(bar);
      const isNew = await installVoices(name, voicesFolder(modelDir), { signal, onProgress });
      bar.end();
      return note(isNew ? `Speaks with ${name} (${attribution}. ${licence}).` : `Speaks with ${name}.`);
    } catch (error) {
      bar.end();
      if (!(error instanceof SottoError)) throw error;
      note(error.detail);
    }
  }
  note('WARNING: text is spoken with espeak-ng, if that is installed. See docs/voices.md.');
}
