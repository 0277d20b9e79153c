import { createServer, type RequestListener, type Server } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Service, startService } from '@sotto/testkit';
import { leavesNothing } from './support/fleet.ts';
import { wav } from './support/media.ts';
import { expectError, formOf, send, transcribe } from './support/replies.ts';
import { expectHeard, phrase } from './support/speech.ts';

/** Made beforehand: a server that computes while it is asked stands still. */
const TOO_LARGE = wav(30_000);

const servers: Server[] = [];
let service: Service;

beforeAll(async () => {
  const apiEnv = { ALLOWED_NETWORKS: '127.0.0.1', MAX_FILE_SIZE: '500000', UPLOAD_IDLE_TIMEOUT: '1.5' };
  service = await startService({ apiEnv: { ...apiEnv, URL_FETCH_TIMEOUT: '4' } });
});

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  await leavesNothing(service, service.redis.client());
});

afterAll(async () => {
  await service?.close();
});

/** A server elsewhere; its address. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('not listening');
  return `http://127.0.0.1:${address.port}`;
}

const fetched = (url: string, fields: Record<string, string> = {}) => transcribe(service.url, null, { url, ...fields });

describe('a recording named by url', () => {
  it('is transcribed like an upload, over a redirect, under its own name', async () => {
    const { bytes, text } = await phrase(91);
    const url = await serve((request, response) => {
      if (request.url === '/old') response.writeHead(302, { location: '/dir/t%C3%A4lk.wav?x=1' }).end();
      else response.end(bytes);
    });
    const reply = await fetched(`${url}/old`);
    expect(reply.status).toBe(200);
    expectHeard(String(reply.json?.text), text);
    const named = await fetched(`${url}/dir/t%C3%A4lk.wav`);
    const job = await send(`${service.url}/jobs/${named.headers.get('x-job-id')}`);
    expect(job.json).toMatchObject({ file_name: 'tälk.wav', status: 'completed' });
    expect(named.json?.text).toBe(reply.json?.text);
  });

  it.each([
    ['empty', 400, 'empty_file', (_, response) => response.end()],
    ['no recording', 400, 'invalid_file_format', (_, response) => response.end('<html>Not here</html>')],
    ['missing', 422, 'url_not_fetched', (_, response) => response.writeHead(404).end()],
    [
      'cut short',
      422,
      'url_not_fetched',
      (_, response) => {
        response.writeHead(200, { 'content-length': '400000' });
        response.write(wav(), () => response.destroy());
      },
    ],
    [
      'said to be too large',
      413,
      'file_too_large',
      (_, response) => response.writeHead(200, { 'content-length': '600000' }).write('RIFF'),
    ],
    ['found to be too large', 413, 'file_too_large', (_, response) => response.end(TOO_LARGE)],
    ['never answered', 408, 'upload_timeout', () => {}],
    ['standing still', 408, 'upload_timeout', (_, response) => response.write(wav().subarray(0, 5000))],
    [
      'dripping for ever',
      408,
      'upload_timeout',
      (_, response) => {
        response.write(wav().subarray(0, 5000));
        const drip = setInterval(() => response.write('0'), 100);
        response.on('close', () => clearInterval(drip));
      },
    ],
  ] satisfies [string, number, string, RequestListener][])(
    'is refused when it is %s',
    async (_, status, code, listener) => {
      expectError(await fetched(await serve(listener)), status, code);
    },
  );

  it('is not fetched from inside, not by any spelling, name or redirect', async () => {
    let calls = 0;
    const inner = await serve((_request, response) => {
      calls += 1;
      response.end(wav());
    });
    const { port } = new URL(inner);
    const hosts = ['127.0.0.2', '0x7f000002', '[::1]', '[::ffff:127.0.0.2]', '0.0.0.0', '10.0.0.1', '169.254.169.254'];
    for (const host of hosts) {
      expectError(await fetched(`http://${host}:${port}/`), 422, 'invalid_parameter');
      const outer = await serve((_, response) =>
        response.writeHead(302, { location: `http://${host}:${port}/` }).end(),
      );
      expectError(await fetched(outer), 422, 'invalid_parameter');
    }
    for (const url of ['file:///etc/passwd', 'ftp://example.org/a.wav', 'a.wav', 'http://u:p@127.0.0.1/']) {
      expectError(await fetched(url), 422, 'invalid_parameter');
    }
    expect(calls).toBe(0);
  });

  it('stands in place of a file, not beside one', async () => {
    const url = await serve((_, response) => response.end(wav()));
    expectError(await transcribe(service.url, { bytes: wav() }, { url }), 400, 'too_many_files');
    expectError(await transcribe(service.url, null, { url: '' }), 400, 'file_missing');
    expectError(await fetched(url, { language: 'klingon' }), 422, 'invalid_parameter');
  });

  it('is not fetched on when its client has gone', async () => {
    const gone = new AbortController();
    const closed = new Promise<void>((resolve) => {
      void serve((_, response) => {
        response.on('close', resolve);
        response.write(wav().subarray(0, 5000));
        gone.abort();
      }).then((url) => {
        const request = { method: 'POST', body: formOf(null, { url }), signal: gone.signal };
        return expect(fetch(`${service.url}/transcribe`, request)).rejects.toThrow();
      });
    });
    await closed;
  });
});
