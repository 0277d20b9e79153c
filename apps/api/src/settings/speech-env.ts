import { envFlag, envInteger, envNumber } from '@sotto/runtime';

/** Of texts that are spoken. */
export const speechEnv = {
  MAX_SPEECH_CHARACTERS: envInteger(1, 10_000_000).default(200_000).meta({
    description: 'Maximum length of a text that is to be spoken, in characters.',
    reload: true,
  }),
  OPENAI_MAX_SPEECH_CHARACTERS: envInteger(1, 10_000_000).default(4096).meta({
    description: "The same for clients of OpenAI's API, which has this limit, too.",
    reload: true,
  }),
  MAX_DOCUMENT_SIZE: envInteger(1, 1_073_741_824).default(33_554_432).meta({
    description:
      'Maximum size of a document that is to be spoken, in bytes. A worker has it in memory while it reads it.',
    reload: true,
  }),
  MAX_QUEUED_CHARACTERS: envInteger(0).default(20_000_000).meta({
    description: 'Characters of accepted texts not yet spoken from which new ones are rejected with 503.',
    reload: true,
  }),
  ENABLE_OWN_VOICES: envFlag().default(true).meta({
    description:
      '`false`: no voices are made of samples (/v1/audio/voices); those that are there can still be listed and deleted.',
    reload: true,
  }),
  SPEECH_IDLE_TIMEOUT: envNumber(0.1).default(120).meta({
    description:
      'Seconds without reading after which a client that sound is being sent to is left. The job goes on where it is asynchronous.',
    reload: true,
  }),
};
