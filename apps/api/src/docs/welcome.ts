import { type WireService, wireServiceSchema } from '@sotto/contracts';
import { type Endpoint, endpoint } from '../http/endpoint.ts';

const DESCRIPTION = 'Turns recordings into text.';

/** What this address is, for whoever opens it in a browser or asks it with curl. */
export function welcomeEndpoint(version: string): Endpoint {
  return endpoint({
    method: 'get',
    path: '/',
    summary: 'Name, version and documentation of the service',
    description: 'HTML for browsers, JSON for everyone else.',
    tag: 'documentation',
    access: 'open',
    answers: {
      200: {
        description: 'The service.',
        content: { 'application/json': wireServiceSchema, 'text/html': null },
        headers: { Link: 'The documentation (RFC 8631).' },
      },
    },
    errors: [],
    handle: ({ request, response }) => {
      const service = serviceAt(request.baseUrl, version);
      const { docs, openapi, health } = service.links;
      response.vary('Accept').links({ 'service-doc': docs, 'service-desc': openapi, status: health });
      if (request.accepts(['json', 'html']) === 'html') response.type('html').send(page(service));
      else response.json(service);
    },
  });
}

/** @param base '' or '/v1' */
function serviceAt(base: string, version: string): WireService {
  return {
    name: 'Sotto',
    description: DESCRIPTION,
    version,
    links: {
      docs: `${base}/docs`,
      redoc: `${base}/redoc`,
      openapi: `${base}/openapi.json`,
      health: `${base}/health`,
    },
  };
}

/** Nothing in it comes from a client; the version is the operator's. */
function page({ name, description, version, links }: WireService): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${name}</title>
<style>
  :root { color-scheme: light dark; font: 1rem/1.6 system-ui, sans-serif; }
  body { max-width: 40rem; margin: 12vh auto 0; padding: 0 1.5rem; }
  h1 { margin: 0; }
  a { font-weight: 600; }
</style></head>
<body>
<h1>${name}</h1>
<p>${description} This is its API, version ${escaped(version)}.</p>
<ul>
<li><a href="${links.docs}">Documentation</a>, where every call can be tried out</li>
<li><a href="${links.redoc}">Reference</a>, to read</li>
<li><a href="${links.openapi}">OpenAPI document</a>, for tools</li>
<li><a href="${links.health}">Health</a> of this service</li>
</ul>
</body>
</html>
`;
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
