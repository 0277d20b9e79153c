/** OpenAI's formats of sound. `pcm`: 16-bit samples, mono, without a header. */
export const OPENAI_SPEECH_FORMATS = ['mp3', 'opus', 'aac', 'flac', 'wav', 'pcm'] as const;
/** What spoken text is sent as. `m4b`: an audiobook, MP4 with chapters. */
export const SPEECH_FORMATS = [...OPENAI_SPEECH_FORMATS, 'm4b'] as const;
export type SpeechFormat = (typeof SPEECH_FORMATS)[number];

/** How a text is written that is nothing but text. */
export const MARKUP_FORMATS = ['text', 'ssml', 'markdown'] as const;
export type MarkupFormat = (typeof MARKUP_FORMATS)[number];

/** Of these, only files can be. */
export const ARCHIVE_FORMATS = ['docx', 'epub'] as const;
export type ArchiveFormat = (typeof ARCHIVE_FORMATS)[number];

/** How a text, or a document, is written. */
export const TEXT_FORMATS = [...MARKUP_FORMATS, 'srt', 'vtt', ...ARCHIVE_FORMATS] as const;
export type TextFormat = (typeof TEXT_FORMATS)[number];

export const MIN_SPEED = 0.25;
export const MAX_SPEED = 4;
export const MAX_VOICE_NAME_CHARACTERS = 200;
/** Of a voice: whatever the service thinks best for the language. */
export const AUTO_VOICE = 'auto';
