import { createHash } from 'node:crypto';
import { wireAcceptedSchema, wireSpeechSchema } from '@sotto/contracts';
import { seededRandom, waitFor } from '@sotto/testkit';
import { READ_SENTENCES } from './sentences.ts';

/** Of a page of a paperback. */
const CHARACTERS_PER_PAGE = 1_800;
const SENTENCES_PER_PARAGRAPH = 6;
const SPOKEN_WITHIN_MS = 4 * 3_600_000;

/** So many pages of our sentences, in paragraphs; the same each time. */
export function bookOf(pages: number): string {
  const random = seededRandom(7);
  const paragraphs: string[] = [];
  for (let characters = 0; characters < pages * CHARACTERS_PER_PAGE; ) {
    const any = () => READ_SENTENCES[Math.floor(random() * READ_SENTENCES.length)];
    const paragraph = Array.from({ length: SENTENCES_PER_PARAGRAPH }, any).join(' ');
    paragraphs.push(paragraph);
    characters += paragraph.length;
  }
  return paragraphs.join('\n\n');
}

/** A text that was spoken. */
export interface SpokenBook {
  /** From when a worker took it until its result was stored. */
  tookMs: number;
  pieces: number;
  audioSeconds: number;
  /** SHA-256 of its sound. */
  digest: string;
}

/** Has a text spoken. @param begun called once, when the first tenth of its pieces is done */
export async function speakBook(
  url: string,
  text: string,
  voice: string,
  begun: () => Promise<void> = async () => {},
): Promise<SpokenBook> {
  const id = await sent(url, text, voice);
  let hasBegun = false;
  await waitFor(
    async () => {
      const { status, progress, error } = await json<Status>(`${url}/status/${id}`);
      if (status === 'failed') throw new Error(JSON.stringify(error));
      if (!hasBegun && progress > BEGUN_PERCENT) {
        hasBegun = true;
        await begun();
      }
      return status === 'completed';
    },
    { what: 'a book to be spoken', timeoutMs: SPOKEN_WITHIN_MS, intervalMs: 200 },
  );
  const spoken = wireSpeechSchema.parse(await json(`${url}/jobs/${id}/result?format=json`));
  const digest = await digestOf(`${url}/jobs/${id}/result?format=wav`);
  await fetch(`${url}/jobs/${id}`, { method: 'DELETE' });
  return { tookMs: spoken.processing_time * 1000, pieces: spoken.pieces.length, audioSeconds: spoken.duration, digest };
}

const BEGUN_PERCENT = 20;

interface Status {
  status: string;
  progress: number;
  error?: unknown;
}

async function sent(url: string, text: string, voice: string): Promise<string> {
  const response = await fetch(`${url}/speak`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text, voice, async: true, cache: false }),
  });
  if (response.status !== 202) throw new Error(await response.text());
  return wireAcceptedSchema.parse(await response.json()).job_id;
}

const json = async <T>(url: string): Promise<T> => (await (await fetch(url)).json()) as T;

async function digestOf(url: string): Promise<string> {
  const { status, body } = await fetch(url);
  if (status !== 200 || body === null) throw new Error(`${url}: ${status}`);
  const hash = createHash('sha256');
  for await (const bytes of body as AsyncIterable<Uint8Array>) hash.update(bytes);
  return hash.digest('hex');
}
