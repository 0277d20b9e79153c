import { type WireService, wireServiceSchema } from '@sotto/contracts';
import { PAGE_PATH } from '@sotto/page';
import { type Endpoint, endpoint } from '../http/endpoint.ts';

const DESCRIPTION = 'Turns recordings into text.';

/** What this address is, for whoever opens it in a browser or asks it with curl. */
export function welcomeEndpoint(version: string): Endpoint {
  return endpoint({
    method: 'get',
    path: '/',
    summary: 'Name, version and documentation of the service',
    description: 'Browsers are led to the page at `/app/`, everyone else gets JSON.',
    tag: 'documentation',
    access: 'open',
    answers: {
      200: {
        description: 'The service.',
        content: { 'application/json': wireServiceSchema },
        headers: { Link: 'The documentation (RFC 8631).' },
      },
      303: { description: 'The page is at `Location`.', content: {}, headers: { Location: 'The page.' } },
    },
    errors: [],
    handle: ({ request, response }) => {
      const service = serviceAt(request.baseUrl, version);
      const { docs, openapi, health } = service.links;
      response.vary('Accept').links({ 'service-doc': docs, 'service-desc': openapi, status: health });
      if (request.accepts(['json', 'html']) === 'html') response.status(303).location(`${PAGE_PATH}/`).end();
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
