import { baseModelDir, type Resource, speakerModelFile, tinyEnModelDir, whisperCli } from '@sotto/testkit';

/** The folder of tiny.en. */
export const requireTinyEn = async (): Promise<string> => required('tiny.en', await tinyEnModelDir());

/** The folder of base. */
export const requireBase = async (): Promise<string> => required('base', await baseModelDir());

/** The file of the model that tells speakers apart. */
export const requireSpeakerModel = async (): Promise<string> => required('the speaker model', await speakerModelFile());

/** whisper-cli, built from the engine's own sources without our patches and flags. */
export const requireWhisperCli = async (): Promise<string> => required('whisper-cli', await whisperCli());

/** A benchmark without what it compares says why and stops. */
function required(what: string, resource: Resource<string>): string {
  if ('skipped' in resource) throw new Error(`This benchmark needs ${what}. ${resource.skipped}`);
  return resource.value;
}
