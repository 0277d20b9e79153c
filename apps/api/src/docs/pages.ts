import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Response } from 'express';
import { z } from 'zod';
import { type Endpoint, endpoint } from '../http/endpoint.ts';

const require = createRequire(import.meta.url);
const SWAGGER = dirname(require.resolve('swagger-ui-dist/package.json'));
const REDOC = join(dirname(require.resolve('redoc/package.json')), 'bundles');

/** Files of the documentation pages, by their address below the page; everything is served from here, also offline. */
const ASSETS: Record<string, { folder: string; file: string }> = {
  '/docs/swagger-ui.css': { folder: SWAGGER, file: 'swagger-ui.css' },
  '/docs/swagger-ui-bundle.js': { folder: SWAGGER, file: 'swagger-ui-bundle.js' },
  '/docs/favicon-32x32.png': { folder: SWAGGER, file: 'favicon-32x32.png' },
  '/redoc/redoc.standalone.js': { folder: REDOC, file: 'redoc.standalone.js' },
};

/** Scripts are files of their own, as the content security policy blocks inline scripts. */
const START_SWAGGER = `
const spec = await (await fetch(document.body.dataset.spec)).json();
// Swagger UI invents values for fields without a default; here they should stay empty.
for (const { requestBody } of Object.values(spec.paths).flatMap(Object.values)) {
  const fields = Object.values(requestBody?.content['multipart/form-data']?.schema.properties ?? {});
  for (const field of fields) if (field.type === 'string' && field.format !== 'binary') field.default ??= '';
}
SwaggerUIBundle({ spec, dom_id: '#page', deepLinking: true });
`;
const START_REDOC = `Redoc.init(document.body.dataset.spec, { disableSearch: false }, document.getElementById('page'));\n`;

export function documentationEndpoints(document: () => object, asyncApi: object): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/openapi.json',
      summary: 'The OpenAPI document',
      tag: 'documentation',
      access: 'open',
      answers: {
        200: { description: 'OpenAPI 3.1.', content: { 'application/json': z.looseObject({ openapi: z.string() }) } },
      },
      errors: [],
      handle: ({ response }) => void response.json(document()),
    }),
    endpoint({
      method: 'get',
      path: '/asyncapi.json',
      summary: 'The AsyncAPI document of WS /live',
      tag: 'documentation',
      access: 'open',
      answers: {
        200: { description: 'AsyncAPI 3.0.', content: { 'application/json': z.looseObject({ asyncapi: z.string() }) } },
      },
      errors: [],
      handle: ({ response }) => void response.json(asyncApi),
    }),
    page('/docs', 'Interactive documentation (Swagger UI)', swaggerPage),
    page('/redoc', 'API reference (Redoc)', redocPage),
    asset('/docs/start.js', 'text/javascript', (response) => void response.type('js').send(START_SWAGGER)),
    asset('/redoc/start.js', 'text/javascript', (response) => void response.type('js').send(START_REDOC)),
    ...Object.entries(ASSETS).map(([path, { folder, file }]) =>
      asset(path, 'application/octet-stream', (response) => sendFile(response, folder, file)),
    ),
  ];
}

function page(path: string, summary: string, html: (base: string) => string): Endpoint {
  return endpoint({
    method: 'get',
    path,
    summary,
    tag: 'documentation',
    access: 'open',
    answers: { 200: { description: 'A page.', content: { 'text/html': null } } },
    errors: [],
    handle: ({ request, response }) => void response.type('html').send(html(request.baseUrl)),
  });
}

function asset(path: string, contentType: string, send: (response: Response) => void | Promise<void>): Endpoint {
  return endpoint({
    method: 'get',
    path,
    summary: 'A file of a documentation page',
    tag: 'documentation',
    access: 'open',
    isAsset: true,
    answers: { 200: { description: 'The file.', content: { [contentType]: null } } },
    errors: [],
    handle: ({ response }) => send(response),
  });
}

/** The folder belongs to a package and the name is a constant: no client input is involved. */
function sendFile(response: Response, root: string, file: string): Promise<void> {
  return new Promise((resolve, reject) => {
    response.sendFile(file, { root, maxAge: '1h', dotfiles: 'allow' }, (error: Error | undefined) => {
      if (error === undefined || response.headersSent) resolve();
      else reject(error);
    });
  });
}

function swaggerPage(base: string): string {
  return htmlPage(
    `<link rel="stylesheet" href="${base}/docs/swagger-ui.css"><link rel="icon" href="${base}/docs/favicon-32x32.png">`,
    base,
    `${base}/docs/swagger-ui-bundle.js`,
    `${base}/docs/start.js`,
  );
}

function redocPage(base: string): string {
  return htmlPage('<style>body{margin:0}</style>', base, `${base}/redoc/redoc.standalone.js`, `${base}/redoc/start.js`);
}

/** `base` is '' or '/v1', never client input. */
function htmlPage(head: string, base: string, library: string, start: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Sotto API</title>
${head}</head>
<body data-spec="${base}/openapi.json"><div id="page"></div>
<script src="${library}"></script>
<script type="module" src="${start}"></script>
</body>
</html>
`;
}
