import type { ApiDocument, Operation } from '@sotto/testkit';
import fc, { type Arbitrary } from 'fast-check';
import { FILES, type FuzzBody, type FuzzRequest } from './request.ts';
import { ADDRESSES, ODD_TEXTS, type Schema, USUAL, valuesOf } from './values.ts';

type Pairs = [string, string][];

/** How often a value is what the document allows, against what it does not. */
const MOSTLY = 6;
/** Requests that make work have more to get wrong than the others. */
const WORK_WEIGHT = 3;

/** Any request to any operation of the document: mostly as it says, often nearly, sometimes not at all. */
export function requestsOf(document: ApiDocument): Arbitrary<FuzzRequest> {
  const resolve = (ref: string): Schema => {
    const found = ref
      .split('/')
      .slice(1)
      .reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], document);
    return found as Schema;
  };
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      arbitrary: requestTo(method, path, operation, resolve),
      weight: makesWork(method, path, operation) ? WORK_WEIGHT : 1,
    })),
  );
  return fc.oneof(...operations);
}

const makesWork = (method: string, path: string, { requestBody }: Operation): boolean =>
  requestBody?.content['multipart/form-data'] !== undefined || (method === 'post' && path === '/uploads');

type Resolve = (ref: string) => Schema;

function requestTo(method: string, path: string, operation: Operation, resolve: Resolve): Arbitrary<FuzzRequest> {
  const parameters = operation.parameters ?? [];
  const of = (place: string) => parameters.filter((parameter) => parameter.in === place);
  return fc
    .record({
      method: rarely(fc.constantFrom('put', 'patch', 'head', 'options', 'get', 'post', 'delete'), fc.constant(method)),
      prefix: rarely(fc.constantFrom('/v1', '/', '/v1/v1'), fc.constant('')),
      ids: fc.array(idChoice, { minLength: 2, maxLength: 2 }),
      // Few of many: each may refuse the whole.
      query: pairsOf(of('query'), resolve, MOSTLY * Math.max(1, Math.floor(of('query').length / 2))),
      headers: headersOf(of('header'), resolve),
      body: bodyOf(operation, resolve),
    })
    .map(({ method: asked, prefix, ids, query, headers, body }) => ({
      method: asked.toUpperCase(),
      operation: `${method.toUpperCase()} ${path}`,
      path: prefix + path,
      ids,
      query,
      headers,
      body,
    }));
}

const rarely = <T>(odd: Arbitrary<T>, usual: Arbitrary<T>): Arbitrary<T> =>
  fc.oneof({ arbitrary: usual, weight: 20 }, { arbitrary: odd, weight: 1 });

/** What goes in place of `{id}`: one that the service has told (by number), or anything. */
const idChoice: Arbitrary<number | string> = fc.oneof(
  { arbitrary: fc.nat(), weight: MOSTLY },
  { arbitrary: fc.uuid(), weight: 1 },
  { arbitrary: ODD_TEXTS.filter((text) => text !== ''), weight: 1 },
);

function pairsOf(
  parameters: { name: string; schema: object; required?: boolean }[],
  resolve: Resolve,
  /** Of leaving out what is optional. */
  leftWeight = MOSTLY,
): Arbitrary<Pairs> {
  const known = parameters.map(({ name, schema, required = false }) => {
    const pair = textsOf(name, schema, resolve).map((text): Pairs => [[name, text]]);
    const twice = textsOf(name, schema, resolve).map(
      (text): Pairs => [
        [name, text],
        [name, text],
      ],
    );
    const nested = ODD_TEXTS.map((text): Pairs => [[`${name}[${text.slice(0, 5)}]`, text]]);
    const left = fc.constant<Pairs>([]);
    return fc.oneof(
      { arbitrary: pair, weight: MOSTLY },
      { arbitrary: left, weight: required ? 1 : leftWeight },
      { arbitrary: fc.oneof(twice, nested), weight: 1 },
    );
  });
  const unknown = fc.tuple(ODD_TEXTS, ODD_TEXTS).map(([name, text]): Pairs => [[name, text]]);
  return fc.tuple(rarely(unknown, fc.constant<Pairs>([])), ...known).map((all) => all.flat());
}

/** A form and a query have texts only. */
function textsOf(name: string, schema: Schema, resolve: Resolve): Arbitrary<string> {
  const usual = USUAL[name];
  if (usual !== undefined) return fc.oneof({ arbitrary: fc.constantFrom(...usual), weight: MOSTLY }, ODD_TEXTS);
  if (name.endsWith('url')) return fc.oneof(fc.constantFrom(...ADDRESSES), ODD_TEXTS);
  const right = valuesOf(schema, resolve).map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
  return fc.oneof({ arbitrary: right, weight: MOSTLY }, { arbitrary: ODD_TEXTS, weight: 1 });
}

/** Headers that anybody may add to any request. */
const ODD_HEADERS: Pairs = [
  ['Accept', 'image/png'],
  ['Accept', 'text/event-stream;q='],
  ['Accept-Encoding', 'br;q=9, x'],
  ['Authorization', 'Bearer'],
  ['Authorization', 'Basic !!!!'],
  ['Content-Encoding', 'gzip'],
  ['Expect', '100-continue'],
  ['If-None-Match', '*'],
  ['Last-Event-ID', '99999999999999999999-0'],
  ['Origin', 'null'],
  ['Range', 'bytes=5-1'],
  ['X-API-Key', 'a'.repeat(3_000)],
  ['X-Forwarded-For', '::ffff:1.2.3.4, x'],
  ['X-HTTP-Method-Override', 'DELETE'],
  ['X-Request-Id', '<script>'],
];

function headersOf(parameters: { name: string; schema: object }[], resolve: Resolve): Arbitrary<Pairs> {
  // What cannot stand in a header at all never leaves a client.
  const sendable = (text: string) => text.replace(/[^\x20-\x7e\x80-\xff]/g, '').trim();
  const known = pairsOf(parameters, resolve).map((pairs) =>
    pairs.flatMap(([name, text]): Pairs => (/^[\w-]+$/.test(name) ? [[name, sendable(text)]] : [])),
  );
  const odd = fc.array(fc.constantFrom(...ODD_HEADERS), { minLength: 1, maxLength: 3 });
  return fc
    .tuple(known, fc.oneof({ arbitrary: fc.constant<Pairs>([]), weight: 8 }, { arbitrary: odd, weight: 1 }))
    .map((all) => all.flat());
}

const SOME_BYTES = fc.uint8Array({ maxLength: 200 });

function bodyOf({ requestBody }: Operation, resolve: Resolve): Arbitrary<FuzzBody | null> {
  const none = fc.constant(null);
  const odd = fc.record({
    contentType: fc.constantFrom(
      '',
      'application/json',
      'multipart/form-data',
      'multipart/form-data; boundary=x',
      'text/plain',
      'x',
    ),
    bytes: fc.oneof(
      SOME_BYTES,
      ODD_TEXTS.map((text) => new Uint8Array(Buffer.from(text))),
    ),
  });
  if (requestBody === undefined) return rarely<FuzzBody | null>(odd, none);
  const right = Object.entries(requestBody.content).map(([type, { schema }]): Arbitrary<FuzzBody> => {
    if (type === 'multipart/form-data') return formsOf(schema, resolve);
    const isBinary = (schema as Schema).format === 'binary';
    return isBinary ? bytesOf(type) : jsonOf(type, schema, resolve);
  });
  return fc.oneof(
    { arbitrary: fc.oneof(...right), weight: 12 },
    { arbitrary: fc.oneof<Arbitrary<FuzzBody | null>[]>(odd, none), weight: 1 },
  );
}

/** Any bytes at all, or a recording. */
function bytesOf(type: string): Arbitrary<FuzzBody> {
  const contentType = fc.constant(type);
  const file = fc.oneof(
    { arbitrary: fc.constantFrom('tone', 'speech' as const), weight: 3 },
    fc.constantFrom(...FILES),
  );
  return fc.oneof(fc.record({ contentType, bytes: SOME_BYTES }), fc.record({ contentType, file }));
}

function jsonOf(contentType: string, schema: Schema, resolve: Resolve): Arbitrary<FuzzBody> {
  const right = valuesOf(schema, resolve);
  const spoilt = fc.tuple(right, ODD_TEXTS, fc.jsonValue()).map(([value, name, other]) => {
    const names = Object.keys(Object(value));
    return { ...Object(value), [names[name.length % Math.max(1, names.length)] ?? name]: other };
  });
  const value = fc.oneof(
    { arbitrary: right, weight: MOSTLY },
    { arbitrary: spoilt, weight: 3 },
    { arbitrary: fc.jsonValue(), weight: 1 },
  );
  const text = fc.oneof(
    { arbitrary: value.map((one) => JSON.stringify(one) ?? ''), weight: 12 },
    { arbitrary: ODD_TEXTS, weight: 1 },
  );
  return text.map((body) => ({ contentType, bytes: new Uint8Array(Buffer.from(body)) }));
}

function formsOf(schema: Schema, resolve: Resolve): Arbitrary<FuzzBody> {
  const properties = Object.entries(schema.properties ?? {});
  const files = properties.filter(([, { format }]) => format === 'binary').map(([name]) => name);
  const fields = properties.filter(([name]) => !files.includes(name));
  const required = schema.required ?? [];
  return fc
    .record({
      fields: pairsOf(
        fields.map(([name, inner]) => ({ name, schema: inner, required: required.includes(name) })),
        resolve,
      ),
      // Few of a form's many fields at a time: each may refuse the whole.
      kept: fc.array(fc.nat({ max: 5 }), { minLength: 40, maxLength: 40 }),
      fileField: rarely(
        fc.constantFrom('file', 'audio_file', 'x', ''),
        fc.constantFrom(...(files.length > 0 ? files : ['file'])),
      ),
      file: fc.oneof(
        { arbitrary: fc.constantFrom('tone', 'speech', 'short' as const), weight: 12 },
        { arbitrary: fc.constantFrom(...FILES), weight: 3 },
      ),
      fileName: fc.oneof(
        { arbitrary: fc.constantFrom('a.wav', 'b.mp3', 'blob'), weight: MOSTLY },
        { arbitrary: ODD_TEXTS, weight: 1 },
      ),
      fileFirst: fc.boolean(),
    })
    .map(({ fields: all, kept, fileFirst, ...file }) => ({
      form: {
        ...file,
        fileFirst,
        fields: all.filter(([name], index) => required.includes(name) || kept[index % kept.length] === 0),
      },
    }));
}
