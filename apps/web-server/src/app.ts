import { PAGE_PATH, pageRouter, type Refuse } from '@sotto/page';
import { type ErrorRequestHandler, type Express, default as express, type RequestHandler } from 'express';

class Refusal extends Error {
  readonly status: number;
  readonly code: Parameters<Refuse>[0];

  constructor(code: Parameters<Refuse>[0], detail: string) {
    super(detail);
    this.code = code;
    this.status = code === 'not_found' ? 404 : 405;
  }
}

/** The page and the health of this process; whatever is in front leads everything but PAGE_PATH to the API. */
export function webApp(folder: string): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').enable('case sensitive routing');
  app.get(['/health/live', '/health/ready'], tellHealth);
  app.use(
    PAGE_PATH,
    pageRouter(folder, (code, detail) => new Refusal(code, detail)),
  );
  app.use(answerNotFound);
  app.use(handleErrors);
  return app;
}

const tellHealth: RequestHandler = (_request, response) => {
  response.set('Cache-Control', 'no-store').json({ status: 'alive' });
};

const answerNotFound: RequestHandler = () => {
  throw new Refusal('not_found', `The page is at ${PAGE_PATH}/, and nothing else is here.`);
};

/** Express and its parsers mark a client's mistakes with a 4xx status; everything else is ours. */
const handleErrors: ErrorRequestHandler = (thrown, _request, response, _next) => {
  const status = Number(thrown?.status);
  const isClients = status >= 400 && status < 500;
  if (!isClients) process.stderr.write(`${thrown instanceof Error ? thrown.stack : String(thrown)}\n`);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response
    .status(isClients ? status : 500)
    .set('Cache-Control', 'no-store')
    .json(answerOf(thrown, isClients));
};

function answerOf(thrown: unknown, isClients: boolean): { error: string; detail?: string } {
  if (thrown instanceof Refusal) return { error: thrown.code, detail: thrown.message };
  return { error: isClients ? 'invalid_request' : 'internal_error' };
}
