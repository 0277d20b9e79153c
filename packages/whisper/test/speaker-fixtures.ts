import { SottoError } from '@sotto/contracts';
import { cacheFolder, type Resource } from '@sotto/testkit';
import { installSpeakerModel } from '../src/speakers/install-speaker-model.ts';

/** The speaker model, fetched once per machine; or why it cannot be had. Only what lies outside of this repository may skip a test. */
export async function speakerModel(): Promise<Resource<string>> {
  try {
    return { value: await installSpeakerModel(await cacheFolder('models', 'speakers')) };
  } catch (error) {
    const problem = error instanceof SottoError ? error.detail : String(error);
    if (/SHA-256/.test(problem)) throw error;
    return { skipped: problem };
  }
}
