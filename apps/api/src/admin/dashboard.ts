import { createBullBoard } from '@bull-board/api';
import { ExpressAdapter } from '@bull-board/express';
import type { dashboardQueues } from '@sotto/queue';
import { type Express, type RequestHandler, Router } from 'express';
import { type AccessDeps, requireAccess } from '../http/access.ts';

export const DASHBOARD_PATH = '/admin/queues';

export interface DashboardDeps extends AccessDeps {
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
  // Its page knows nothing of our CSRF token.
  router.use(requireAccess('admin', deps, 'token or origin'), keepPrivate, board);
  return router;
}

/**
 * Prompts and file names are personal data. (The page asks for web fonts from elsewhere, which the content security
 * policy blocks: it works without them, and nothing leaves the machine.)
 */
const keepPrivate: RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'no-store');
  next();
};
