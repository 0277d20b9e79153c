import type { Page } from 'playwright-core';
import { INTERVIEW } from './interview.ts';
import type { Scene } from './scene.ts';

const SESSION_ID = '6f1b1c1e-0000-4000-8000-000000000001';
const SECONDS_PER_WORD = 0.36;
const PARTIAL_WORDS = 9;

const wordsOf = (text: string, from: number) =>
  text.split(' ').map((word, at) => {
    const start = from + at * SECONDS_PER_WORD;
    return { word, start, end: start + SECONDS_PER_WORD, confidence: 0.9 };
  });

/** What a service would tell of the interview, in the middle of its last line. */
function told(): object[] {
  let at = 0.4;
  return INTERVIEW.map(([, line], utterance) => {
    const isLast = utterance === INTERVIEW.length - 1;
    const text = isLast ? line.split(' ').slice(0, PARTIAL_WORDS).join(' ') : line;
    const words = wordsOf(text, at);
    at += (words.length + 2) * SECONDS_PER_WORD;
    const shared = { id: `${utterance + 1}-0`, utterance, text, words, lag_ms: 0 };
    return isLast ? { type: 'partial', ...shared } : { type: 'final', ...shared, language: 'en', is_last: true };
  });
}

const SPOKEN_SECONDS =
  INTERVIEW.map(([, line]) => line.split(' ').length + 2).reduce((a, b) => a + b) * SECONDS_PER_WORD;

/** The model of the tests knows too few words for a picture, so the text is told by what stands here for a service. */
async function listen(page: Page): Promise<void> {
  const kept = await page.evaluate(async () => (await fetch('/library?q=interview&status=completed')).json());
  const jobId = kept.items.at(-1)?.id ?? null;
  await page.routeWebSocket(/\/live$/, (socket) => {
    const say = (message: object) => socket.send(JSON.stringify(message));
    socket.onMessage((message) => {
      const { type = '' } = typeof message === 'string' ? JSON.parse(message) : {};
      const received = Math.round(SPOKEN_SECONDS * 16_000);
      if (type === 'start') say({ type: 'session', session_id: SESSION_ID, job_id: jobId, received_samples: 0 });
      if (type === 'resume')
        say({ type: 'session', session_id: SESSION_ID, job_id: jobId, received_samples: received });
      if (type === 'start') for (const event of told()) say(event);
      if (type === 'resume') say(told().at(-1) ?? {});
      if (type === 'end') say({ type: 'ended', id: '99-0', reason: 'client', heard: SPOKEN_SECONDS, job_id: jobId });
    });
  });
  await page.getByRole('button', { name: 'Start listening' }).click();
  await page.getByText(INTERVIEW[0]?.[1] ?? '').waitFor();
  await page.evaluate(letItBeLater, SPOKEN_SECONDS * 16_000);
  await page.reload();
  await page.locator('[class*=partial]').waitFor();
  await page.waitForFunction(() => document.fonts.status === 'loaded');
}

/** The session has lasted for as long as it takes to say all that. */
function letItBeLater(at: number): Promise<void> {
  const liveId = sessionStorage.getItem('sotto.live');
  const opening = indexedDB.open('sotto');
  return new Promise((resolve) => {
    opening.onsuccess = () => {
      const writing = opening.result.transaction('liveSound', 'readwrite');
      writing.objectStore('liveSound').put({ liveId, at: Math.round(at), samples: new Int16Array(1_600) });
      writing.oncomplete = () => resolve();
    };
  });
}

export const LIVE_SCENES: readonly Scene[] = [
  {
    name: 'live-setup',
    path: '/live',
    ready: (page) => page.getByRole('button', { name: 'Start listening' }).waitFor(),
  },
  { name: 'live', path: '/live', ready: listen },
  {
    name: 'live-captions',
    path: '/live',
    ready: async (page) => {
      await listen(page);
      await page.getByRole('button', { name: 'Captions in full screen' }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'live-ended',
    path: '/live',
    ready: async (page) => {
      await listen(page);
      await page.getByRole('button', { name: 'Stop' }).click();
      await page.getByRole('button', { name: 'New session' }).waitFor();
    },
  },
];
