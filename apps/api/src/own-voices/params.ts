import { ownVoiceIdSchema } from '@sotto/contracts';
import { z } from 'zod';
import { PathParams } from '../http/path-params.ts';

export const ownVoiceParams = new PathParams(
  z.object({ id: ownVoiceIdSchema.meta({ description: 'Of a voice that this key has made.' }) }),
  'voice_not_found',
  'No voice has this id.',
);
