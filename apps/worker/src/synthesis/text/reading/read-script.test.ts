import { describe, expect, it } from '@jest/globals';
import { documentScript } from '../documents/document-script.ts';
import { readScript } from './read-script.ts';

const OPTIONS = { language: 'en', maxCharacters: 1e6 };
const { signal } = new AbortController();
const LONG = Buffer.from('# A chapter\n\n* an *item*, for $3.50\n\n'.repeat(2000));

describe('a long text, read on a thread', () => {
  it('is the same as one that is read here', async () => {
    const script = await readScript(LONG, 'markdown', OPTIONS, signal);
    expect(script).toEqual(await documentScript(LONG, 'markdown', OPTIONS));
  });

  it('is refused as it would be here, with what the client is told', async () => {
    const short = { language: 'en', maxCharacters: 100 };
    await expect(readScript(LONG, 'text', short, signal)).rejects.toMatchObject({
      name: 'SottoError',
      code: 'text_too_long',
      fields: { max_characters: 100 },
    });
    await expect(readScript(LONG, 'docx', OPTIONS, signal)).rejects.toMatchObject({ code: 'invalid_document' });
  });

  it('leaves the event loop to others', async () => {
    let turns = 0;
    const others = setInterval(() => {
      turns += 1;
    }, 1);
    await readScript(LONG, 'markdown', OPTIONS, signal);
    clearInterval(others);
    expect(turns).toBeGreaterThan(0);
  });

  it('may take only so much memory, and so long', async () => {
    await expect(readScript(LONG, 'markdown', OPTIONS, signal, { memoryMb: 8, ms: 60_000 })).rejects.toMatchObject({
      code: 'invalid_document',
      detail: 'The document takes too much memory to read.',
    });
    await expect(readScript(LONG, 'markdown', OPTIONS, signal, { memoryMb: 512, ms: 1 })).rejects.toMatchObject({
      code: 'invalid_document',
      detail: 'The document takes too long to read.',
    });
  });

  it('is given up with its job', async () => {
    const job = new AbortController();
    const reading = readScript(LONG, 'markdown', OPTIONS, job.signal);
    job.abort(new Error('cancelled'));
    await expect(reading).rejects.toThrow('cancelled');
  });
});
