import { SottoError } from '#wire';
import type { FormField } from './multipart.ts';
import type { Reference } from './upload-source.ts';

/** The field of a form that says where a recording is. */
export function referenceField(source: Reference): FormField {
  if (source instanceof URL) return ['url', source.href];
  return 'uploadId' in source ? ['upload_id', source.uploadId] : ['item_id', source.itemId];
}

/** The job that a resumable upload has become, as the refusal to use it twice tells; null for anything else. */
export function jobOfUsed(error: unknown): string | null {
  const jobId = error instanceof SottoError && error.code === 'upload_used' ? error.fields.job_id : null;
  return typeof jobId === 'string' ? jobId : null;
}

/** What the lost answer said. */
export function acceptedAs(jobId: string) {
  const message = 'Transcription job accepted';
  return { job_id: jobId, status: 'processing' as const, message, status_url: `/status/${jobId}` };
}
