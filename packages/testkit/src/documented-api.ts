import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { createParser, type EventSourceMessage } from 'eventsource-parser';

export interface Operation {
  parameters?: { name: string; in: 'path' | 'query' | 'header'; required?: boolean; schema: object }[];
  requestBody?: { content: Record<string, { schema: object }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>;
}

export interface ApiDocument {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object> };
}

/** What a service answered to one request. */
export interface Answered {
  method: string;
  /** As it was sent: path and query. */
  url: string;
  status: number;
  headers: Record<string, string | null>;
  /** null: too large to have been kept. */
  body: string | null;
}

/** Checks answers against the document that the service itself serves. */
export class DocumentedApi {
  readonly document: ApiDocument;
  readonly #ajv: Ajv2020;
  readonly #paths: { path: string; pattern: RegExp }[];

  constructor(document: ApiDocument) {
    this.document = document;
    this.#ajv = new Ajv2020({ strict: false });
    addFormats.default(this.#ajv);
    this.#ajv.addSchema({ $id: 'document', ...document });
    // Those without parameters first: `/admin/keys/mine` is no `/admin/keys/{id}`.
    this.#paths = Object.keys(document.paths)
      .sort((a, b) => Number(a.includes('{')) - Number(b.includes('{')))
      .map((path) => ({ path, pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`) }));
  }

  static async of(url: string): Promise<DocumentedApi> {
    return new DocumentedApi((await (await fetch(`${url}/openapi.json`)).json()) as ApiDocument);
  }

  get operations(): { method: string; path: string; operation: Operation }[] {
    return Object.entries(this.document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
    );
  }

  /** Everything about an answer, to whatever request, that the document does not say; empty when it is as documented. */
  problemsOf({ method, url, status, headers, body }: Answered): string[] {
    const path = this.#pathOf(url);
    const retryAfter = headers['retry-after'] ?? null;
    const problems = status === 503 && retryAfter === null && !isVerdict(path) ? ['503 without Retry-After'] : [];
    // Doubled slashes are forgiven at some addresses only.
    const isElsewhere = path === null || (url.startsWith('//') && status === 404);
    if (isElsewhere) return [...problems, ...this.#problemsElsewhere(url, status)];
    if (method === 'OPTIONS') return status === 204 ? problems : [...problems, `OPTIONS answers ${status}`];
    const isHead = method === 'HEAD' && this.document.paths[path]?.head === undefined;
    const declared = isHead ? 'get' : method.toLowerCase();
    if (this.document.paths[path]?.[declared] === undefined) {
      return status === 405 ? problems : [...problems, `${method} is not documented and answers ${status}`];
    }
    return [
      ...problems,
      ...this.problems(declared, path, status, headers['content-type'] ?? null, method === 'HEAD' ? null : body),
    ];
  }

  /** The same for an operation of the document. @param body null: not known */
  problems(method: string, path: string, status: number, contentType: string | null, body: string | null): string[] {
    const response = this.document.paths[path]?.[method]?.responses[String(status)];
    if (response === undefined) return [`${method} ${path} may not answer ${status}`];
    if (response.content === undefined) return body === '' || body === null ? [] : ['a body where none is documented'];
    const type = (contentType ?? '').split(';')[0] ?? '';
    if (response.content[type] === undefined) return [`${type} is not documented for ${status}`];
    if (body === null) return [];
    const place = [path, method, 'responses', String(status), 'content', type, 'schema'];
    if (type === 'text/event-stream') return this.#problemsOfStream(place, body);
    if (type !== 'application/json') return [];
    const validate = this.#schemaAt(place);
    if (validate === undefined) return ['its schema cannot be found'];
    const value: unknown = JSON.parse(body);
    if (validate(value)) return undeclaredCode(value, response.description);
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  }

  /** OpenAPI describes one message: a text in `data`, and in it what `contentSchema` says. */
  #problemsOfStream(place: string[], body: string): string[] {
    const message = this.#schemaAt(place);
    const data = this.#schemaAt([...place, 'properties', 'data', 'contentSchema']);
    if (message === undefined || data === undefined) return ['the schema of its messages cannot be found'];
    return messagesOf(body).flatMap((event, index) => {
      const isValid = message(event) && data(JSON.parse(event.data));
      return isValid ? [] : [`message ${index} is not as documented: ${JSON.stringify(event)}`];
    });
  }

  #schemaAt(parts: string[]): ValidateFunction | undefined {
    return this.#ajv.getSchema(`document#/paths/${parts.map(escapePointer).join('/')}`);
  }

  /** The documented path that an address is served under; every path is also served under /v1. */
  #pathOf(url: string): string | null {
    const [address = ''] = url.split(/[?#]/);
    const path = address.replace(/^\/{2,}/, '/');
    const found = [path, path.replace(/^\/v1(?=\/|$)/, '') || '/'].map((each) =>
      this.#paths.find(({ pattern }) => pattern.test(each)),
    );
    return found[0]?.path ?? found[1]?.path ?? null;
  }

  /** What is not described may be files of a page and the dashboard; nothing else is there. */
  #problemsElsewhere(url: string, status: number): string[] {
    const isPage = /^(\/v1)?\/(app|docs|redoc|admin\/queues)(\/|\?|$)/.test(url);
    if (isPage && status < 500) return [];
    return [400, 404, 405].includes(status) ? [] : [`an address that is not documented answers ${status}`];
  }
}

/** Of a stream of server-sent events; what a broken one left unfinished does not count. */
function messagesOf(stream: string): EventSourceMessage[] {
  const messages: EventSourceMessage[] = [];
  createParser({ onEvent: (message) => messages.push(message) }).feed(stream);
  return messages;
}

/** A 503 of these is an answer about the service, not one of the service. */
const isVerdict = (path: string | null): boolean => path?.startsWith('/health') === true;

/** JSON Pointer, then URI fragment. */
function escapePointer(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
}

function undeclaredCode(value: unknown, description: string): string[] {
  if (typeof value !== 'object' || value === null || !('error' in value) || !('request_id' in value)) return [];
  return description.includes(`\`${String(value.error)}\``)
    ? []
    : [`the code ${String(value.error)} is not documented`];
}
