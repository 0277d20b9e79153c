import { ERROR_CATALOG, type ErrorCode } from '@sotto/contracts';
import { z } from 'zod';
import {
  createDocument,
  type oas31,
  type ZodOpenApiObject,
  type ZodOpenApiOperationObject,
  type ZodOpenApiOverrideContext,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponsesObject,
} from 'zod-openapi';
import type { Answer } from '../http/description.ts';
import { commonErrors, type Endpoint } from '../http/endpoint.ts';
import type { ErrorShape } from '../http/error-shape.ts';
import { ownErrors } from '../http/errors.ts';
import { componentId, EVENT_STREAM, messageSchema } from './event-stream.ts';

const TAGS: Record<Endpoint['tag'], string> = {
  transcription: 'Turn recordings into text.',
  speech: 'Turn text into speech.',
  live: 'Text while somebody speaks.',
  library: 'Transcripts and recordings that are kept (`keep=true`), with folders, search and links.',
  vocabularies: 'Named lists of the names and phrases that recordings are full of.',
  dictionaries: 'How words are said, for texts that are spoken.',
  voices: 'People who agreed to be recognized by their voice.',
  uploads: 'Resumable uploads for large files and unreliable connections (tus 1.0).',
  jobs: 'Status, results and events of accepted work.',
  openai: "OpenAI's audio API. Set the base URL of your client to this address with `/v1`.",
  asr: 'The APIs of whisper-asr-webservice and subgen, for Bazarr and other clients.',
  deepgram: "Deepgram's `/v1/listen`. Point your client's base URL to this address.",
  'sign-in': 'Sessions of browsers.',
  operations: 'Health, models, languages and metrics.',
  documentation: 'Documentation of this API.',
  admin: 'For operators.',
};

const DESCRIPTION = [
  'Turns recordings into text. Every path is also served under `/v1`. Responses carry `X-Request-Id` and',
  '`X-API-Version`. Errors are a JSON object whose `error` is a code of the error catalogue (docs/errors.md).',
].join(' ');

/** The OpenAPI 3.1 document of these endpoints: made from the same objects that serve them. */
export function openApiDocument(endpoints: readonly Endpoint[], version: string): oas31.OpenAPIObject {
  const paths: ZodOpenApiPathsObject = {};
  for (const endpoint of endpoints.filter(({ isAsset = false }) => !isAsset)) {
    paths[endpoint.path] = { ...paths[endpoint.path], [endpoint.method]: operationOf(endpoint) };
  }
  const document: ZodOpenApiObject = {
    openapi: '3.1.0',
    info: { title: 'Sotto', version, description: DESCRIPTION, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: '/' }, { url: '/v1' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: messageComponents(endpoints),
      securitySchemes: {
        header: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
        bearer: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'sotto', description: 'Of `POST /auth/session`.' },
        basic: { type: 'http', scheme: 'basic', description: 'The key is the password.' },
      },
    },
  };
  return createDocument(document, { override: tellsDefault });
}

/** Schemas of the `data` of event stream messages, which refer to them by name. */
function messageComponents(endpoints: readonly Endpoint[]): Record<string, z.ZodType> {
  const contents = endpoints.flatMap(({ answers }) => Object.values(answers).map(({ content }) => content));
  const schemas = contents.flatMap(({ [EVENT_STREAM]: schema = null }) => (schema === null ? [] : [schema]));
  return Object.fromEntries(schemas.map((schema) => [componentId(schema), schema]));
}

/** zod drops defaults of transformed schemas, as they could belong to the output; ours describe the input. */
function tellsDefault({ zodSchema, jsonSchema }: ZodOpenApiOverrideContext): void {
  const byDefault = z.globalRegistry.get(zodSchema)?.default;
  if (typeof byDefault === 'string') jsonSchema.default ??= byDefault;
}

function operationOf(endpoint: Endpoint): ZodOpenApiOperationObject {
  const { params, query, headers, body, streamedBody, description } = endpoint;
  const content = streamedBody ?? (body && { 'application/json': body });
  const parameters = {
    ...(params && { path: params.schema }),
    ...(query && { query }),
    ...(headers && { header: z.object(headers) }),
  };
  return {
    operationId: operationId(endpoint),
    summary: endpoint.summary,
    ...(description && { description }),
    tags: [endpoint.tag],
    // Where OpenAI's and Deepgram's clients expect it.
    ...((endpoint.tag === 'openai' || endpoint.tag === 'deepgram') && { servers: [{ url: '/v1' }, { url: '/' }] }),
    ...(Object.keys(parameters).length > 0 && { requestParams: parameters }),
    ...(content && { requestBody: { required: true, content: contentOf(content) } }),
    security: endpoint.access === 'open' ? [] : [{ header: [] }, { bearer: [] }, { basic: [] }, { session: [] }, {}],
    responses: responsesOf(endpoint),
  };
}

/** `GET /jobs/{id}/result` -> `getJobsIdResult`, `GET /` -> `getRoot` */
function operationId({ method, path }: Endpoint): string {
  const words = path.split(/[^a-z0-9]+/i).filter((word) => word !== '');
  return method + (words.length > 0 ? words : ['root']).map((word) => word[0]?.toUpperCase() + word.slice(1)).join('');
}

const OPAQUE = z.string();

function contentOf(content: Record<string, z.ZodType | null>) {
  return Object.fromEntries(
    Object.entries(content).map(([type, schema]) => {
      const described = type === EVENT_STREAM && schema !== null ? messageSchema(schema) : schema;
      return [type, { schema: described ?? OPAQUE }];
    }),
  );
}

function responsesOf(endpoint: Endpoint): ZodOpenApiResponsesObject {
  const responses: ZodOpenApiResponsesObject = {};
  const errors = [...new Set([...commonErrors(endpoint), ...endpoint.errors])];
  const shapes = endpoint.errorShapes ?? [ownErrors];
  for (const status of new Set(shapes.flatMap((shape) => errors.map((code) => shape.statusOf(code))))) {
    responses[String(status) as '400'] = errorResponse(status, errors, shapes);
  }
  for (const [status, answer] of Object.entries(endpoint.answers)) responses[status as '200'] = responseOf(answer);
  return responses;
}

function responseOf({ description, content, headers = {} }: Answer) {
  return {
    description,
    ...(Object.keys(content).length > 0 && { content: contentOf(content) }),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, text]) => [name, { description: text, schema: { type: 'string' as const } }]),
    ),
  };
}

function errorResponse(status: number, errors: ErrorCode[], all: readonly ErrorShape[]) {
  const shapes = all.filter((shape) => errors.some((code) => shape.statusOf(code) === status));
  const codes = errors.filter((code) => shapes.some((shape) => shape.statusOf(code) === status));
  const description = codes.map((code) => `\`${code}\`: ${ERROR_CATALOG[code].message}`).join('\n\n');
  const [first = ownErrors, ...others] = shapes;
  const schema = others.length === 0 ? first.schema : z.union([first.schema, ...others.map((shape) => shape.schema)]);
  return { description, content: { 'application/json': { schema } } };
}
