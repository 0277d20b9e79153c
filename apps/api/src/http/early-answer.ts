import type { Request, Response } from 'express';

/** How long a client may keep sending after its response is written. */
const DRAIN_MS = 2_000;

/** Whether part of the request's body is still to come. */
export function hasUnreadBody(request: Request): boolean {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  return (Number(length ?? 0) > 0 || encoding !== undefined) && !request.complete;
}

/**
 * Answers while the client is still sending. Closing at once would reset the connection, and the client would see a
 * broken pipe in place of its answer: so the whole answer is written first, what still arrives is discarded until
 * the client stops or 2 s have passed, and only then is the connection closed.
 */
export function answerEarly(request: Request, response: Response, body: Buffer): void {
  response.set({ Connection: 'close', 'Content-Length': String(body.length) });
  response.write(body);
  const timer = setTimeout(finish, DRAIN_MS);
  for (const event of ['end', 'close', 'error']) request.once(event, finish);
  request.resume();

  function finish(): void {
    clearTimeout(timer);
    response.end();
  }
}
