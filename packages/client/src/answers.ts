import * as z from 'zod';
import {
  errorCodeSchema,
  STAGES,
  wireAdminJobListSchema,
  wireAdminJobSchema,
  wireBatchItemSchema,
  wireBatchSchema,
  wireJobListSchema,
  wireStatusSchema,
} from '#wire';

/**
 * Answers as a client reads them. A newer service may name stages and errors that this client does not know yet: such a
 * stage is left out, such an error is an `internal_error` with the detail it came with, and the rest can be used.
 */
const ofNewerService = {
  stage: z.enum(STAGES).optional().catch(undefined),
  error: errorCodeSchema.optional().catch('internal_error'),
};

export const statusSchema = wireStatusSchema.extend(ofNewerService);
export const jobListSchema = wireJobListSchema.extend({ jobs: z.array(statusSchema) });
export const batchSchema = wireBatchSchema.extend({
  items: z.array(wireBatchItemSchema.extend({ error: ofNewerService.error })),
});
export const adminJobSchema = wireAdminJobSchema.extend(ofNewerService);
export const adminJobListSchema = wireAdminJobListSchema.extend({ jobs: z.array(adminJobSchema) });
