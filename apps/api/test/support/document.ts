import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

interface Operation {
  responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>;
}

export interface ApiDocument {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object> };
}

/** Checks answers against the document that the service itself serves. */
export class DocumentedApi {
  readonly document: ApiDocument;
  readonly #ajv: Ajv2020;

  constructor(document: ApiDocument) {
    this.document = document;
    this.#ajv = new Ajv2020({ strict: false });
    addFormats.default(this.#ajv);
    this.#ajv.addSchema({ $id: 'document', ...document });
  }

  static async of(url: string): Promise<DocumentedApi> {
    return new DocumentedApi((await (await fetch(`${url}/openapi.json`)).json()) as ApiDocument);
  }

  get operations(): { method: string; path: string }[] {
    return Object.entries(this.document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => ({ method, path })),
    );
  }

  /** Everything about an answer that the document does not say; empty when it is as documented. */
  problems(method: string, path: string, status: number, contentType: string | null, body: string): string[] {
    const response = this.document.paths[path]?.[method]?.responses[String(status)];
    if (response === undefined) return [`${method} ${path} may not answer ${status}`];
    if (response.content === undefined) return body === '' ? [] : ['a body where none is documented'];
    const type = (contentType ?? '').split(';')[0] ?? '';
    if (response.content[type] === undefined) return [`${type} is not documented for ${status}`];
    if (type !== 'application/json') return [];
    const pointer = [path, method, 'responses', String(status), 'content', type, 'schema'].map(escapePointer).join('/');
    const validate = this.#ajv.getSchema(`document#/paths/${pointer}`);
    if (validate === undefined) return ['its schema cannot be found'];
    const value: unknown = JSON.parse(body);
    if (validate(value)) return [...undeclaredCode(value, response.description)];
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  }
}

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
