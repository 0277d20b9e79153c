import type { Response } from 'express';

/** Sends an object with one more field, whose value is JSON text already. It is not parsed, and a large one is not copied. */
export function sendJsonWith(response: Response, fields: object, field: string, json: string | Buffer): void {
  const head = `${JSON.stringify(fields).slice(0, -1)},${JSON.stringify(field)}:`;
  response.type('json');
  if (typeof json === 'string') {
    response.send(`${head}${json}}`);
    return;
  }
  const start = Buffer.from(head);
  response.set('Content-Length', String(start.length + json.length + 1));
  response.write(start);
  response.write(json);
  response.end('}');
}
