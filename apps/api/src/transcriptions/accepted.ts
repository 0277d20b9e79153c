import { statusUrl, type wireAcceptedSchema } from '@sotto/contracts';
import type { Attached } from '@sotto/queue';
import type { Request, Response } from 'express';
import type { z } from 'zod';

/** 202: the work goes on, and this is its address. */
export function sendAccepted(
  request: Request,
  response: Response,
  { request: job }: Attached,
  message: string,
  hint?: string,
): void {
  const url = statusUrl(request.baseUrl, job.id);
  response.status(202).location(url).set('X-Job-Id', job.id).set('Cache-Control', 'no-store');
  response.json({
    job_id: job.id,
    status: 'processing',
    message,
    status_url: url,
    ...(hint !== undefined && { hint }),
  } satisfies z.infer<typeof wireAcceptedSchema>);
}
