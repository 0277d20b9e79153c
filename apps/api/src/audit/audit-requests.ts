import type { AuditAction, AuditEntry } from '@sotto/contracts';
import type { RequestHandler, Response } from 'express';
import { DASHBOARD_PATH } from '../admin/dashboard.ts';
import { localsOf, type RequestLocals } from '../http/locals.ts';
import type { AuditLog } from './audit-log.ts';
import type { RefusedLogins } from './refused-logins.ts';
import { RepeatedReads } from './repeated-reads.ts';

const MAX_TEXT = 200;
const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];

interface AuditRequestsDeps {
  auditLog: Pick<AuditLog, 'record'>;
  refusedLogins: Pick<RefusedLogins, 'note'>;
}

/** Records who did what, once the response is sent. Each endpoint says which action it is. */
export function auditRequests({ auditLog, refusedLogins }: AuditRequestsDeps): RequestHandler {
  const repeatedReads = new RepeatedReads();
  return (request, response, next) => {
    // Read it now: with the socket, the address is gone.
    const address = request.ip ?? null;
    response.once('close', () => {
      const locals = localsOf(response);
      const isDashboard = request.originalUrl.startsWith(DASHBOARD_PATH);
      const action = actionOf(request.method, isDashboard, response, locals);
      if (action === null) return;
      const { endpoint, principal, metadata, requestId } = locals;
      const entry = {
        time: new Date().toISOString(),
        action,
        status: response.headersSent ? response.statusCode : null,
        error: metadata.code ?? null,
        key_id: principal.keyId,
        target: targetOf(request.params.id, metadata),
        method: request.method,
        path: (endpoint?.path ?? request.originalUrl.split('?')[0] ?? '').slice(0, MAX_TEXT),
        address,
        user_agent: request.get('user-agent')?.slice(0, MAX_TEXT) ?? null,
        request_id: requestId,
      } satisfies AuditEntry;
      if (action === 'login.refused') refusedLogins.note(entry);
      else if (action !== 'admin.read' || !repeatedReads.isRepeated(entry)) auditLog.record(entry);
    });
    next();
  };
}

function actionOf(
  method: string,
  isDashboard: boolean,
  response: Response,
  { endpoint, isTurnedAway, metadata }: RequestLocals,
): AuditAction | null {
  if (isTurnedAway) return 'login.refused';
  // Its page polls every few seconds.
  if (isDashboard) return SAFE_METHODS.includes(method) ? null : 'admin.act';
  if (endpoint === null) return null;
  if (endpoint.access === 'admin')
    return endpoint.audit ?? (SAFE_METHODS.includes(method) ? 'admin.read' : 'admin.act');
  if (endpoint.createsWork) {
    return (metadata.jobId ?? metadata.batchId ?? metadata.sessionId) === undefined
      ? null
      : (endpoint.audit ?? 'upload.accept');
  }
  // A browser that could not be signed in is led to a page that says why.
  return response.statusCode < 400 && metadata.code === undefined ? (endpoint.audit ?? null) : null;
}

function targetOf(id: unknown, metadata: RequestLocals['metadata']): string | null {
  const target = metadata.auditTarget ?? metadata.jobId ?? metadata.sessionId ?? id;
  return typeof target === 'string' ? target.slice(0, MAX_TEXT) : null;
}
