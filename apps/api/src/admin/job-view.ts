import type { WireAdminJob } from '@sotto/contracts';
import type { RequestView } from '@sotto/queue';
import { statusView } from '../jobs/status-view.ts';

/** A job as operators see it. */
export function adminJobView(view: RequestView): WireAdminJob {
  const { result: _result, found_language: _language, ...status } = statusView(view, { baseUrl: '' });
  const { request, run } = view;
  return { ...status, key_id: request.keyId, lane: run.lane, bytes: run.upload.bytes };
}
