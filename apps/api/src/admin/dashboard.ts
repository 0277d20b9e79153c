import { createBullBoard } from '@bull-board/api';
import { ExpressAdapter } from '@bull-board/express';
import { SottoError } from '@sotto/contracts';
import type { ApiKeys, dashboardQueues } from '@sotto/queue';
import { type Express, type RequestHandler, Router } from 'express';
import { requireAccess } from '../http/access.ts';
import type { LoginGuard } from '../http/login-guard.ts';
import type { ApiSettings } from '../settings/settings.ts';

export const DASHBOARD_PATH = '/admin/queues';

export interface DashboardDeps {
  settings: ApiSettings;
  apiKeys: ApiKeys;
  loginGuard: LoginGuard;
  dashboardQueues: ReturnType<typeof dashboardQueues>;
}

/** bull-board behind our own access control: it has none, and no protection against cross-site requests. */
export function dashboardRouter(deps: DashboardDeps): Router {
  const adapter = new ExpressAdapter();
  adapter.setBasePath(DASHBOARD_PATH);
  createBullBoard({
    queues: deps.dashboardQueues,
    serverAdapter: adapter,
    options: { uiConfig: { boardTitle: 'Sotto queues' } },
  });
  const board = (adapter.getRouter() as Express).disable('x-powered-by');
  const router = Router();
  router.use(requireAccess('admin', deps), sameOriginOnly, keepPrivate, board);
  return router;
}

/** A page elsewhere could make the operator's browser press the dashboard's buttons. */
const sameOriginOnly: RequestHandler = (request, _response, next) => {
  const origin = request.get('origin');
  const isSafe = ['GET', 'HEAD', 'OPTIONS'].includes(request.method);
  if (isSafe || origin === undefined || hostOf(origin) === request.get('host')) next();
  else next(new SottoError('forbidden', 'The dashboard only accepts commands from its own page.'));
};

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}

/**
 * Prompts and file names are personal data. (The page asks for web fonts from elsewhere, which the content security
 * policy blocks: it works without them, and nothing leaves the machine.)
 */
const keepPrivate: RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'no-store');
  next();
};
