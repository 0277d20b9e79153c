import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Response } from 'express';
import { z } from 'zod';
import type { Endpoint } from '../http/endpoint.ts';

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

/** Scripts stand in files of their own: the content security policy lets no inline script run. */
const START_SWAGGER = `
const spec = await (await fetch(document.body.dataset.spec)).json();
// Swagger UI fills a form with invented words and numbers where nothing is named; here nothing is what is meant.
for (const { requestBody } of Object.values(spec.paths).flatMap(Object.values)) {
  const fields = Object.values(requestBody?.content['multipart/form-data']?.schema.properties ?? {});
  for (const field of fields) if (field.type === 'string' && field.format !== 'binary') field.default ??= '';
}
SwaggerUIBundle({ spec, dom_id: '#page', deepLinking: true });
`;
const START_REDOC = `Redoc.init(document.body.dataset.spec, { disableSearch: false }, document.getElementById('page'));\n`;

export function documentationEndpoints(document: () => object): Endpoint[] {
  const page = (path: string, summary: string, html: (base: string) => string): Endpoint => ({
    ...common(path, summary, 'text/html'),
    handle: (request, response) => void response.type('html').send(html(request.baseUrl)),
  });
  const script = (path: string, code: string): Endpoint => ({
    ...common(path, 'A script of a documentation page', 'text/javascript'),
    isAsset: true,
    handle: (_request, response) => void response.type('js').send(code),
  });
  const asset = (path: string, { folder, file }: { folder: string; file: string }): Endpoint => ({
    ...common(path, 'A file of a documentation page', 'application/octet-stream'),
    isAsset: true,
    handle: (_request, response) => sendFile(response, folder, file),
  });
  return [
    {
      ...common('/openapi.json', 'This document', 'application/json', z.looseObject({ openapi: z.string() })),
      handle: (_request, response) => void response.json(document()),
    },
    page('/docs', 'The API, to try out (Swagger UI)', swaggerPage),
    page('/redoc', 'The API, to read (Redoc)', redocPage),
    script('/docs/start.js', START_SWAGGER),
    script('/redoc/start.js', START_REDOC),
    ...Object.entries(ASSETS).map(([path, source]) => asset(path, source)),
  ];
}

function common(path: string, summary: string, contentType: string, schema: z.ZodType | null = null) {
  const answers = { 200: { description: summary, content: { [contentType]: schema } } };
  return { method: 'get', tag: 'documentation', access: 'open', errors: [], path, summary, answers } as const;
}

/** The folder is a package's own, the name a constant: nothing a client wrote takes part. */
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

/** `base` is '' or '/v1', never a client's text. */
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
