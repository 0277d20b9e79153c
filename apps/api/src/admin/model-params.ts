import { z } from 'zod';
import { PathParams } from '../http/path-params.ts';

export const modelParams = new PathParams(
  z.object({ id: z.string().max(200) }),
  'model_not_available',
  'No model has this name.',
);
