import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CONTAINERS, MEDIA_EXTENSIONS } from '@sotto/contracts';
import { type Service, SPEECH_FORMATS, type SpeechFormat, speak, startService, writeInFormat } from '@sotto/testkit';
import type { Redis } from 'ioredis';
import { SNIFF_BYTES, sniffContainer } from '../src/uploads/sniff.ts';
import { leavesNothing } from './support/fleet.ts';
import { remove } from './support/jobs.ts';
import { expectError, transcribe } from './support/replies.ts';

let service: Service;
let redis: Redis;
let speech: string;

beforeAll(async () => {
  service = await startService({ workers: 0 });
  redis = service.redis.client();
  speech = (await speak('one two three')).path;
});

afterAll(async () => {
  await service?.close();
});

/** Each names other files or addresses. None is ever opened. */
const PLAYLISTS: Record<string, string> = {
  m3u: '/etc/passwd\nhttp://127.0.0.1:1/x.mp3\n',
  m3u8: '#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n',
  'm3u8 behind a byte order mark': '\ufeff#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n',
  ffconcat: "ffconcat version 1.0\nfile '/etc/passwd'\n",
  'concat script': "file '/etc/passwd'\nfile 'http://127.0.0.1:1/x.wav'\n",
  sdp: 'v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\n',
  pls: '[playlist]\nFile1=file:///etc/passwd\nNumberOfEntries=1\nVersion=2\n',
  xspf: '<?xml version="1.0"?><playlist version="1"><trackList><track><location>file:///etc/passwd</location></track></trackList></playlist>',
  asx: '<ASX version="3.0"><Entry><Ref href="file:///etc/passwd"/></Entry></ASX>',
  'asf redirection': '[Reference]\nRef1=http://127.0.0.1:1/x.asf\n',
  mpd: '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><Period><AdaptationSet><BaseURL>/etc/passwd</BaseURL></AdaptationSet></Period></MPD>',
  imf: '<?xml version="1.0"?><CompositionPlaylist xmlns="http://www.smpte-ra.org/schemas/2067-3/2016"></CompositionPlaylist>',
  smil: '<smil><body><audio src="file:///etc/passwd"/></body></smil>',
  'image sequence': 'frame-%03d.png\n',
};

const FOREIGN_NAMES = ['m3u', 'm3u8', 'ffconcat', 'concat', 'sdp', 'pls', 'xspf', 'asx', 'mpd', 'smil', 'png', 'txt'];

describe('a recording in any container', () => {
  it('is made here of every kind but bare samples', () => {
    const made = new Set<string>(SPEECH_FORMATS.map(({ container }) => container));
    expect(Object.keys(CONTAINERS).filter((name) => !made.has(name))).toEqual(['pcm']);
  });

  it.each(SPEECH_FORMATS)('$extension: is known by its content, whatever media it is called', async (format) => {
    const bytes = await coded(format);
    expect(sniffContainer(bytes.subarray(0, SNIFF_BYTES))).toBe(format.container);
    for (const name of [`talk.${format.extension}`, 'talk', 'talk.mp3', 'talk.TS']) {
      const { status, json, text } = await transcribe(service.url, { bytes, name }, { async: 'true' });
      expect([name, status, text]).toEqual([name, 202, expect.any(String)]);
      await remove(service.url, String(json?.job_id));
    }
    await leavesNothing(service, redis);
  });

  it.each(FOREIGN_NAMES)('is refused when it is called .%s', async (extension) => {
    const bytes = await readFile(speech);
    expectError(await transcribe(service.url, { bytes, name: `talk.${extension}` }), 400, 'invalid_file_format');
    await leavesNothing(service, redis);
  });
});

describe('a playlist', () => {
  it.each(Object.entries(PLAYLISTS))('%s: is refused under each extension of a recording', async (_kind, content) => {
    for (const extension of MEDIA_EXTENSIONS) {
      const name = `talk.${extension}`;
      const reply = await transcribe(service.url, { bytes: Buffer.from(content), name });
      expect([name, reply.status]).toEqual([name, 400]);
      expectError(reply, 400, 'invalid_file_format');
    }
    await leavesNothing(service, redis);
  });

  it.each([
    'audio/x-mpegurl',
    'audio/mpegurl',
    'application/vnd.apple.mpegurl',
    'audio/x-scpls',
    'application/dash+xml',
  ])('is what a recording declared as %s is taken for', async (type) => {
    const bytes = await readFile(speech);
    expectError(await transcribe(service.url, { bytes, name: 'talk', type }), 400, 'invalid_file_format');
  });
});

async function coded(format: SpeechFormat): Promise<Buffer> {
  const path = join(service.folder, `coded.${format.extension}`);
  await writeInFormat(format, speech, path, { withPicture: true });
  return readFile(path);
}
