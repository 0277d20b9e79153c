import type { ResumableUpload, ResumableUploads } from '@sotto/queue';
import { z } from 'zod';
import { PathParams, uuid } from '../http/path-params.ts';
import type { Principal } from '../http/principal.ts';

export const uploadParams = new PathParams(
  z.object({ id: uuid.meta({ description: 'Last segment of `Location`; the `upload_id` of /transcribe.' }) }),
  'upload_not_found',
  'No upload has this id.',
);

/** @throws SottoError `upload_not_found`, also for another key's. */
export async function findUpload(
  id: string,
  { keyId }: Pick<Principal, 'keyId'>,
  uploads: ResumableUploads,
): Promise<ResumableUpload> {
  const upload = await uploads.find(id, keyId ?? undefined);
  if (upload === null) throw uploadParams.notFound();
  return upload;
}
