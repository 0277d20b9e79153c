import type { Warning } from '@sotto/contracts';

export const TRUNCATED_MEDIA: Warning = {
  code: 'truncated_media',
  detail: 'The file ends too early; the part that could be read was transcribed.',
};

export const DAMAGED_MEDIA: Warning = {
  code: 'damaged_media',
  detail: 'Parts of the file could not be read; the rest was transcribed.',
};
