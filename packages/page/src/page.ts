import { existsSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type RequestHandler, Router } from 'express';
import staticGzip from 'express-static-gzip';
import helmet from 'helmet';

export const PAGE_PATH = '/app';

/** Makes the error that answers a request; what is passed on is up to the server around the page. */
export type Refuse = (reason: 'not_found' | 'method_not_allowed', detail: string) => Error;

/**
 * Folder of apps/web as it was built, null where it was not.
 * @param from `import.meta.url` of a module whose package depends on @sotto/web
 */
export function builtPage(from: string): string | null {
  const folder = join(dirname(createRequire(from).resolve('@sotto/web/package.json')), 'dist');
  return existsSync(join(folder, 'index.html')) ? folder : null;
}

/** The page that people open, for PAGE_PATH. @param folder of what was built, or null. */
export function pageRouter(folder: string | null, refuse: Refuse): Router {
  const router = Router();
  router.use(onlyReading(refuse));
  if (folder === null) {
    router.use(() => {
      throw refuse('not_found', 'The page has not been built here: run `npm run build`. The API is at /docs.');
    });
    return router;
  }
  router.use(headers(), toFolder);
  // Their names hold a hash of what is in them.
  router.use('/assets', filesOf(join(folder, 'assets'), 'public, max-age=31536000, immutable'));
  router.use(filesOf(folder, 'no-cache'));
  router.use(indexFor(folder, refuse));
  return router;
}

/** Those that the build has compressed go out so. */
function filesOf(folder: string, cacheControl: string): RequestHandler {
  const setHeaders = (response: ServerResponse) => response.setHeader('Cache-Control', cacheControl);
  return staticGzip(folder, { enableBrotli: true, orderPreference: ['br'], serveStatic: { setHeaders } });
}

/** Everything from here, nothing inline: the policy is stricter than that of the API's other pages. */
function headers(): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'blob:', 'data:'],
        fontSrc: ["'self'"],
        mediaSrc: ["'self'", 'blob:'],
        connectSrc: ["'self'"],
        workerSrc: ["'self'"],
        manifestSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    // Only the proxy that terminates TLS knows whether the outside uses HTTPS.
    strictTransportSecurity: false,
  });
}

function onlyReading(refuse: Refuse): RequestHandler {
  return ({ method }, response, next) => {
    if (method === 'GET' || method === 'HEAD') return next();
    response.set('Allow', 'GET, HEAD');
    throw refuse('method_not_allowed', 'Allowed methods: GET, HEAD.');
  };
}

/** `/app` -> `/app/` */
const toFolder: RequestHandler = (request, response, next) => {
  const { pathname, search } = new URL(request.originalUrl, 'http://service');
  if (pathname === PAGE_PATH) response.redirect(308, `${PAGE_PATH}/${search}`);
  else next();
};

/** Addresses within the page are the page's own; what looks like a file and is none is missing. */
function indexFor(folder: string, refuse: Refuse): RequestHandler {
  return (request, response) => {
    if (/\.\w+$/.test(request.path)) throw refuse('not_found', `The page has no ${request.path}.`);
    response.set('Cache-Control', 'no-cache').sendFile('index.html', { root: folder, cacheControl: false });
  };
}
