import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { transcribeFormSchema } from '@sotto/contracts';
import { type ConnectionError, SottoClient, type UploadProgress } from '../src/index.ts';
import { fileSource } from '../src/node.ts';
import { ACCEPTED, errorBody, formOf, JOB_ID, json, Service, status, TRANSCRIPT } from './service.ts';

let service: Service;
let client: SottoClient;
let folder: string;
beforeEach(async () => {
  service = await Service.start();
  client = new SottoClient({ baseUrl: `${service.url}/`, apiKey: 'key-1' });
  folder = await mkdtemp(join(tmpdir(), 'sotto-client-'));
});
afterEach(async () => {
  await service.close();
  await rm(folder, { recursive: true });
});

const wav = () => new File([new Uint8Array(1000).fill(7)], 'a "quoted"\r\nname.wav', { type: 'audio/wav' });

describe('transcribe', () => {
  it('sends file, fields and key, and gives the transcript', async () => {
    service.on('POST /transcribe', async (request, response, body) => {
      expect(request.headers['x-api-key']).toBe('key-1');
      expect(request.headers['content-length']).toBe(String(body.length));
      const form = await formOf(request, body);
      const file = form.get('file') as File;
      expect([file.name, file.type, file.size]).toEqual(['a "quoted"\r\nname.wav', 'audio/wav', 1000]);
      form.delete('file');
      expect(transcribeFormSchema.parse(Object.fromEntries(form))).toEqual({
        language: 'de',
        model: 'tiny',
        task: 'translate',
        timestamp_granularity: 'word',
        temperature: 0.2,
        beam_size: 5,
        best_of: 3,
        patience: 2,
        length_penalty: 0.5,
        suppress_tokens: [-1, 50_000],
        condition_on_previous_text: true,
        hallucination_filter: 'flag',
        prompt: 'Grüße,\n"Anna"',
        vad: false,
        cache: false,
        priority: 'batch',
        cancel_on_disconnect: true,
      });
      json(response, 200, TRANSCRIPT, { 'x-job-id': JOB_ID });
    });
    const done = await client.transcribe(wav(), {
      language: 'german',
      model: 'tiny',
      task: 'translate',
      timestampGranularity: 'word',
      temperature: 0.2,
      beamSize: 5,
      bestOf: 3,
      patience: 2,
      lengthPenalty: 0.5,
      suppressTokens: [50_000, -1],
      conditionOnPreviousText: true,
      hallucinationFilter: 'flag',
      prompt: 'Grüße,\n"Anna"',
      vad: false,
      cache: false,
      priority: 'batch',
      cancelOnDisconnect: true,
    });
    expect(done).toEqual({ jobId: JOB_ID, result: TRANSCRIPT });
  });

  it('gives text for the text formats', async () => {
    service.on('POST /transcribe', (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/x-subrip' }).end('1\n...');
    });
    const { result, jobId } = await client.transcribe(wav(), { responseFormat: 'srt' });
    expect([result, jobId]).toEqual(['1\n...', null]);
  });

  it('gives bytes for docx, and asks for captions in a shape', async () => {
    service.on(`GET /jobs/${JOB_ID}/result`, (request, response) => {
      if (request.url?.endsWith('?format=docx')) response.end(Buffer.from([80, 75, 3, 4, 255]));
      else response.end('WEBVTT\n');
    });
    expect(await client.result(JOB_ID, 'docx')).toEqual(new Uint8Array([80, 75, 3, 4, 255]));
    const shape = { maxLineWidth: 32, minCueDuration: 0.8, highlightWords: true, disfluencies: false };
    expect(await client.result(JOB_ID, 'vtt', { timestampGranularity: 'segment', ...shape })).toBe('WEBVTT\n');
    expect(new URL(service.seen.at(-1)?.slice(4) ?? '', service.url).search).toBe(
      '?format=vtt&timestamp_granularity=segment&max_line_width=32&min_cue_duration=0.8&highlight_words=true&disfluencies=false',
    );
  });

  it('sends names to expect, with what they sound like', async () => {
    let sentTerms: unknown;
    service.on('POST /transcribe', async (request, response, body) => {
      sentTerms = (await formOf(request, body)).get('keyterms');
      json(response, 202, ACCEPTED);
    });
    await client.submit(wav(), {
      keyterms: ['Sotto', { text: 'Kubernetes', weight: 2, soundsLike: ['cooper netties'] }],
    });
    const sent = ['Sotto', { text: 'Kubernetes', weight: 2, sounds_like: ['cooper netties'] }];
    expect(JSON.parse(String(sentTerms))).toEqual(sent);
  });

  it('asks for a text worded by rules', async () => {
    service.on('POST /transcribe', (_request, response) => json(response, 202, ACCEPTED));
    service.on(`GET /jobs/${JOB_ID}/result`, (_request, response) => response.end('text'));
    const replace = [
      { from: 'US', to: 'America', matchCase: true },
      { from: 'a', to: '' },
    ];
    await client.result(JOB_ID, 'text', { replace });
    const { searchParams } = new URL(service.seen.at(-1)?.slice(4) ?? '', service.url);
    const sent = [
      { from: 'US', to: 'America', match_case: true },
      { from: 'a', to: '' },
    ];
    expect(JSON.parse(searchParams.get('replace') ?? '')).toEqual(sent);
  });

  it('finds where something is said', async () => {
    const match = { start: 1.5, end: 2, text: 'Hello,', before: '', after: 'world', segment_id: 0 };
    const found = { job_id: JOB_ID, query: 'hello', total: 1, matches: [match] };
    service.on(`GET /jobs/${JOB_ID}/search`, (_request, response) => json(response, 200, found));
    expect(await client.search(JOB_ID, 'hello', { limit: 5, context: 1 })).toEqual(found);
    expect(service.seen.at(-1)).toBe(`GET /jobs/${JOB_ID}/search?q=hello&limit=5&context=1`);
  });

  it('goes on waiting when the service answers 202', async () => {
    service.on('POST /transcribe', (_request, response) => json(response, 202, ACCEPTED));
    service.on(`GET /jobs/${JOB_ID}/events`, (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end('id: 1-0\nevent: completed\ndata: {"type":"completed","result_url":"/x"}\n\n');
    });
    service.on(`GET /jobs/${JOB_ID}`, (_request, response) => json(response, 200, status('completed')));
    service.on(`GET /jobs/${JOB_ID}/result`, (_request, response) => response.end('Hello.\n'));
    const done = await client.transcribe(wav(), { responseFormat: 'text' });
    expect(done).toEqual({ jobId: JOB_ID, result: 'Hello.\n' });
    expect(service.seen.at(-1)).toBe(`GET /jobs/${JOB_ID}/result?format=text`);
  });

  it('asks for a job of its own when it is watched', async () => {
    service.on('POST /transcribe', async (request, response, body) => {
      expect((await formOf(request, body)).get('async')).toBe('true');
      json(response, 202, ACCEPTED);
    });
    service.on(`GET /jobs/${JOB_ID}/events`, (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('id: 1-0\nevent: progress\ndata: {"type":"progress","stage":"transcribing","progress":40}\n\n');
      response.end(
        'id: 2-0\nevent: failed\ndata: {"type":"failed","error":"no_audio_stream","message":"m","detail":"d"}\n\n',
      );
    });
    service.on(`GET /jobs/${JOB_ID}`, (_request, response) =>
      json(response, 200, status('failed', { error: 'no_audio_stream', detail: 'It has only pictures.' })),
    );
    const seen: string[] = [];
    const waiting = client.transcribe(wav(), {}, { onEvent: (event) => seen.push(event.type) });
    await expect(waiting).rejects.toMatchObject({ code: 'no_audio_stream', detail: 'It has only pictures.' });
    expect(seen).toEqual(['progress', 'failed']);
  });
});

describe('uploads', () => {
  it('tell their progress, up to the last byte', async () => {
    const path = join(folder, 'big.wav');
    await writeFile(path, '');
    await truncate(path, 3_000_000);
    service.on('POST /transcribe', async (request, response, body) => {
      expect(request.headers['content-length']).toBe(String(body.length));
      const file = (await formOf(request, body)).get('file') as File;
      expect([file.name, file.size]).toEqual(['big.wav', 3_000_000]);
      json(response, 202, ACCEPTED);
    });
    const progress: UploadProgress[] = [];
    await client.submit(await fileSource(path), {}, { onUploadProgress: (one) => progress.push(one) });
    expect(progress.length).toBeGreaterThan(3);
    expect(progress.map(({ sentBytes }) => sentBytes)).toEqual(
      [...progress.map(({ sentBytes }) => sentBytes)].sort((a, b) => a - b),
    );
    expect(progress.at(-1)).toEqual({ sentBytes: 3_000_000, totalBytes: 3_000_000 });
  });

  it('work for a Blob with progress and for a stream of unknown length', async () => {
    const sizes: [string | undefined, number][] = [];
    service.on('POST /transcribe', async (request, response, body) => {
      const file = (await formOf(request, body)).get('file') as File;
      sizes.push([request.headers['transfer-encoding'], file.size]);
      json(response, 202, ACCEPTED);
    });
    let sent = 0;
    const onUploadProgress = ({ sentBytes }: UploadProgress) => {
      sent = sentBytes;
    };
    await client.submit(wav(), {}, { onUploadProgress });
    await client.submit({ name: 'mic', stream: () => wav().stream() }, {}, { onUploadProgress });
    expect(sizes).toEqual([
      [undefined, 1000],
      ['chunked', 1000],
    ]);
    expect(sent).toBe(1000);
  });

  it('end when the caller gives up', async () => {
    const giveUp = new AbortController();
    const endless = {
      name: 'x',
      stream: () => new ReadableStream<Uint8Array>({ pull: (c) => c.enqueue(new Uint8Array(65_536)) }),
    };
    const onUploadProgress = () => giveUp.abort(new Error('enough'));
    await expect(client.submit(endless, {}, { onUploadProgress, signal: giveUp.signal })).rejects.toThrow('enough');
  });

  it('that are stored become one job, also when the answer is lost on the line', async () => {
    let asked = 0;
    service.on('POST /transcribe', async (request, response, body) => {
      expect(Object.fromEntries(await formOf(request, body))).toEqual({
        upload_id: 'u-1',
        language: 'de',
        async: 'true',
      });
      asked += 1;
      if (asked === 1) request.socket.destroy();
      else json(response, 409, { ...errorBody('upload_used', 'It became a job.'), job_id: JOB_ID });
    });
    expect(await client.submit({ uploadId: 'u-1' }, { language: 'de' })).toMatchObject({ job_id: JOB_ID });
    const again = client.submit({ uploadId: 'u-1' }, { language: 'de' });
    await expect(again).rejects.toMatchObject({ code: 'upload_used', fields: { job_id: JOB_ID } });
  });

  it('go on when their offset is not known for a moment', async () => {
    const answers = [423, 200];
    service.on('HEAD /uploads/u-1', (_request, response) => {
      response.writeHead(answers.shift() ?? 500, { 'upload-offset': '1000', 'upload-length': '1000' }).end();
    });
    expect(await client.uploads.send(wav(), { uploadId: 'u-1' })).toEqual({ uploadId: 'u-1' });
    service.on('HEAD /uploads/u-1', (_request, response) => response.writeHead(403).end());
    await expect(client.uploads.send(wav(), { uploadId: 'u-1' })).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('name a file that is not there', async () => {
    await expect(fileSource(join(folder, 'absent.wav'))).rejects.toThrow(/ENOENT/);
    await expect(fileSource(folder)).rejects.toThrow(/is not a file/);
  });

  it('know the size of files beyond 4 GiB', async () => {
    const path = join(folder, 'huge.wav');
    await writeFile(path, '');
    await truncate(path, 5 * 1024 ** 3);
    expect((await fileSource(path)).bytes).toBe(5 * 1024 ** 3);
  });
});

describe('errors', () => {
  it('come by code, with what else the service says', async () => {
    service.on('POST /transcribe', (_request, response) =>
      json(response, 429, { ...errorBody('rate_limit_exceeded', 'Wait.'), limit: 30 }, { 'retry-after': '7' }),
    );
    await expect(client.transcribe(wav())).rejects.toMatchObject({
      name: 'SottoError',
      code: 'rate_limit_exceeded',
      detail: 'Wait.',
      retryAfterSeconds: 7,
      fields: { limit: 30, request_id: 'r-1' },
    });
  });

  it('tell an answer of something else from one of the service', async () => {
    service.on('GET /models', (_request, response) => response.writeHead(502).end('<html>Bad Gateway</html>'));
    await expect(client.models()).rejects.toMatchObject({
      name: 'UnexpectedAnswerError',
      status: 502,
      message: expect.stringContaining('Bad Gateway'),
    });
    service.on('GET /languages', (_request, response) => response.end('hello'));
    await expect(client.languages()).rejects.toMatchObject({ name: 'UnexpectedAnswerError', status: 200 });
    service.on('GET /jobs', (_request, response) => json(response, 400, errorBody('code_of_the_future', 'x')));
    await expect(client.list()).rejects.toMatchObject({ name: 'UnexpectedAnswerError', status: 400 });
  });

  it('tell when nobody answers, and why', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const address = closed.address();
    await new Promise((resolve) => closed.close(resolve));
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const lost = new SottoClient({ baseUrl: `http://127.0.0.1:${port}` });
    const error: ConnectionError = await lost.health().catch((caught) => caught);
    expect(error).toMatchObject({ name: 'ConnectionError' });
    expect(error.message).toBe(`http://127.0.0.1:${port} cannot be reached (ECONNREFUSED)`);
  });

  it('give the reason of the signal', async () => {
    await expect(client.status(JOB_ID, { signal: AbortSignal.abort(new Error('no longer')) })).rejects.toThrow(
      'no longer',
    );
  });
});

describe('jobs and operations', () => {
  it('reads, lists, cancels and deletes', async () => {
    service.on(`GET /jobs/${JOB_ID}`, (_request, response) =>
      json(response, 200, status('processing', { stage: 'queued' })),
    );
    expect(await client.status(JOB_ID)).toMatchObject({ status: 'processing', stage: 'queued' });
    service.on('GET /jobs', (_request, response) =>
      json(response, 200, { jobs: [status('failed')], next_cursor: 'c' }),
    );
    expect((await client.list({ status: 'failed', limit: 5 })).next_cursor).toBe('c');
    expect(service.seen.at(-1)).toBe('GET /jobs?status=failed&limit=5');
    service.on(`DELETE /jobs/${JOB_ID}`, (_request, response) => json(response, 200, status('cancelled')));
    expect((await client.cancel(JOB_ID))?.status).toBe('cancelled');
    service.on(`DELETE /jobs/${JOB_ID}`, (_request, response) => response.writeHead(204).end());
    expect(await client.cancel(JOB_ID)).toBeNull();
    await expect(client.status('../evil')).rejects.toMatchObject({ code: 'not_found' });
    expect(service.seen.at(-1)).toBe('GET /jobs/..%2Fevil');
  });

  it('reads jobs of a newer service, whose stages and errors it does not know', async () => {
    const states = [
      status('processing', { stage: 'listening' }),
      status('failed', { error: 'code_of_the_future', detail: 'It is too loud.' }),
    ];
    service.on('GET /jobs', (_request, response) => json(response, 200, { jobs: states, next_cursor: null }));
    const { jobs } = await client.list();
    expect(jobs).toMatchObject([{ progress: 50 }, { error: 'internal_error', detail: 'It is too loud.' }]);
    expect(jobs[0]?.stage).toBeUndefined();
  });

  it('takes an unhealthy service for an answer', async () => {
    const checks = { redis_connected: false, storage_writable: true, disk_space: true, model_loaded: false };
    service.on('GET /health/ready', (_request, response) => json(response, 503, { status: 'not_ready', checks }));
    expect(await client.ready()).toEqual({ status: 'not_ready', checks });
  });
});
