/**
 * Loaded into a server before its own code (`node --import`): writes what it answers, one JSON line for each answer, to
 * the file SOTTO_TEST_ANSWERS, before its last byte goes out. Nothing on the wire is different for it.
 */
import { subscribe } from 'node:diagnostics_channel';
import { appendFileSync } from 'node:fs';

const KEPT_BYTES = 512 * 1024;
const HEADERS = ['content-type', 'retry-after'];

subscribe('http.server.request.start', ({ request, response }) => {
  // Routers rewrite the address on its way down.
  const { method, url } = request;
  const { write, end } = response;
  const body = new Body();
  response.write = function keeping(chunk, ...rest) {
    body.keep(chunk, rest[0]);
    return write.call(this, chunk, ...rest);
  };
  response.end = function recording(chunk, ...rest) {
    const wasOpen = !response.writableEnded && !response.destroyed;
    body.keep(chunk, rest[0]);
    if (wasOpen) record({ method, url, status: response.statusCode, headers: headersOf(response), body: body.text() });
    return end.call(this, chunk, ...rest);
  };
});

function record(answer) {
  appendFileSync(process.env.SOTTO_TEST_ANSWERS, `${JSON.stringify(answer)}\n`);
}

class Body {
  parts = [];
  bytes = 0;

  keep(chunk, encoding) {
    if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) return;
    const part = Buffer.from(chunk, typeof encoding === 'string' ? encoding : 'utf8');
    this.bytes += part.length;
    if (this.bytes <= KEPT_BYTES) this.parts.push(part);
  }

  /** null: too large to be kept. */
  text() {
    return this.bytes > KEPT_BYTES ? null : Buffer.concat(this.parts).toString('utf8');
  }
}

/** writeHead(status, headers) leaves them in the head's text only. */
function headersOf(response) {
  const head = response.headersSent ? response._header : '';
  return Object.fromEntries(
    HEADERS.map((name) => {
      const line = new RegExp(`^${name}: (.*)\r$`, 'im').exec(head);
      return [name, line?.[1] ?? response.getHeader(name)?.toString() ?? null];
    }),
  );
}
