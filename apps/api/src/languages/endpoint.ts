import { LANGUAGE_CODES, LANGUAGES, type WireLanguageList, wireLanguageListSchema } from '@sotto/contracts';
import type { WorkerDirectory } from '../fleet/worker-directory.ts';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import type { VoiceDirectory } from '../speech/voice-directory.ts';
import { spokenLanguages } from './spoken-languages.ts';

export interface LanguagesDeps {
  directory: Pick<WorkerDirectory, 'fleet'>;
  voiceDirectory: Pick<VoiceDirectory, 'offers'>;
}

export function languagesEndpoint({ directory, voiceDirectory }: LanguagesDeps): Endpoint {
  return endpoint({
    method: 'get',
    path: '/languages',
    summary: 'List languages, understood and spoken',
    description: [
      '`languages`: what recordings can be in, with the installed models that know it. `spoken`: what texts can be spoken in, with',
      'the voices of the workers that are there.',
    ].join(' '),
    tag: 'operations',
    access: 'read',
    answers: { 200: { description: 'The languages.', content: { 'application/json': wireLanguageListSchema } } },
    errors: [],
    handle: async ({ response }) => {
      const [{ models }, offers] = await Promise.all([directory.fleet(), voiceDirectory.offers()]);
      const loadedFirst = [...models].sort((one, other) => Number(other.loaded) - Number(one.loaded));
      const modelsFor = (code: string) =>
        loadedFirst.filter(({ multilingual }) => multilingual || code === 'en').map(({ name }) => name);
      const body: WireLanguageList = {
        languages: LANGUAGE_CODES.map((code) => ({ code, name: LANGUAGES[code], models: modelsFor(code) })),
        spoken: spokenLanguages(offers),
      };
      response.json(body);
    },
  });
}
