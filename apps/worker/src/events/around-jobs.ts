import type { JobSurrounding, Origin, Origins } from '@sotto/queue';
import { continueTrace, withLogFields } from '@sotto/runtime';

/**
 * Every log line about a job, from `job taken` to `job finished`, says for whom and for what the work is done, and belongs to
 * the trace of the request. What is not known is left out: this must not cost work, so without Redis' answer there is none.
 */
export function aroundJobs(origins: Origins): JobSurrounding {
  return async (job, work) => {
    const origin = await origins.ofJob(job).catch(() => null);
    if (origin === null) return work();
    return continueTrace(origin.trace, () => withLogFields(fieldsOf(origin), work));
  };
}

function fieldsOf({ keyId, jobId, runId }: Origin) {
  return {
    ...(jobId !== null && { jobId }),
    ...(runId !== null && { runId }),
    ...(keyId !== null && { userId: keyId }),
  };
}
