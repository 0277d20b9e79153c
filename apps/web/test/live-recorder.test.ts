import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import {
  comparableWords,
  concat,
  describeWith,
  pause,
  type Service,
  speak,
  startService,
  temporaryFolder,
  writeWav,
} from '@sotto/testkit';
import type { Browser } from 'playwright-core';
import { installedChromium, openBrowser, Visitor } from './support/browser.ts';

jest.setTimeout(120_000);

const SAID = 'hello world one two three four';

describeWith(installedChromium(), 'a page that records', (executable) => {
  let service: Service;
  let folder: string;
  let browser: Browser;
  beforeAll(async () => {
    folder = await temporaryFolder('recorder');
    const microphone = join(folder, 'microphone.wav');
    const { samples } = await speak(SAID, { voice: 'en-us', speed: 130 });
    await writeWav(microphone, concat(pause(1_000), samples, pause(3_000)));
    browser = await openBrowser(executable, [`--use-file-for-fake-audio-capture=${microphone}`]);
    service = await startService({ roles: [['transcribe']] });
  });
  afterAll(async () => {
    await browser?.close();
    await service?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('sends what MediaRecorder gives, as docs/live.md says, and gets the text while it is said', async () => {
    const visitor = await Visitor.of(browser, service);
    await visitor.page.goto(`${service.url}/health`);
    const text = await visitor.page.evaluate(async () => {
      const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/live`);
      const audio = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
      let said = '';
      let recorder: MediaRecorder | null = null;
      socket.onopen = () =>
        socket.send(JSON.stringify({ type: 'start', language: 'en', format: { encoding: 'opus' } }));
      await new Promise<void>((resolve, reject) => {
        socket.onclose = ({ reason }) => (reason === 'ended' ? resolve() : reject(new Error(reason)));
        socket.onmessage = async ({ data }) => {
          const event = JSON.parse(data);
          if (event.type === 'final') said += ` ${event.text}`;
          if (event.type === 'final' && event.is_last && recorder?.state === 'recording') recorder.stop();
          if (event.type !== 'session') return;
          const stream = await navigator.mediaDevices.getUserMedia({ audio });
          recorder = new MediaRecorder(stream, { mimeType: 'audio/webm;codecs=opus' });
          recorder.ondataavailable = ({ data: piece }) => socket.send(piece);
          recorder.onstop = () => socket.send(JSON.stringify({ type: 'end' }));
          recorder.start(100);
        };
      });
      return said;
    });
    const words = comparableWords(SAID);
    expect(comparableWords(text).filter((word) => words.includes(word)).length).toBeGreaterThanOrEqual(4);
    await visitor.close();
  });
});
