import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readWav } from '../src/pcm.ts';
import { speak, speakWithTimes } from '../src/speech.ts';

describe('speak', () => {
  it('gives 16 kHz mono speech, the same file for the same words and voice', async () => {
    const speech = await speak('one two three', { voice: 'en-us', speed: 140 });
    expect(speech.durationMs).toBeGreaterThan(700);
    expect(speech.durationMs).toBeLessThan(4_000);
    expect(Math.max(...speech.samples)).toBeGreaterThan(3_000);
    expect((await speak('one two three', { voice: 'en-us', speed: 140 })).path).toBe(speech.path);
    expect((await speak('one two three', { voice: 'en-us', speed: 141 })).path).not.toBe(speech.path);
  });

  it('speaks faster and higher when asked', async () => {
    const slow = await speak('eins zwei drei fünf', { voice: 'de', speed: 115 });
    const fast = await speak('eins zwei drei fünf', { voice: 'de', speed: 175 });
    expect(fast.durationMs).toBeLessThan(slow.durationMs * 0.85);
  });

  it('copies to a path', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sotto-test-speech-'));
    try {
      const path = join(folder, 'a.wav');
      const speech = await speak('hello', { path });
      expect(speech.path).toBe(path);
      expect(await readWav(path)).toEqual(speech.samples);
      expect((await readFile(path)).subarray(0, 4).toString('latin1')).toBe('RIFF');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('fails on a voice that does not exist', async () => {
    await expect(speak('hello', { voice: 'xx-nobody' })).rejects.toThrow('espeak-ng');
  });
});

describe('speakWithTimes', () => {
  it('knows when each word of connected speech begins', async () => {
    const { words, durationMs, samples } = await speakWithTimes('red green blue black', { voice: 'en-us', speed: 120 });
    expect(words.map(({ word }) => word)).toEqual(['red', 'green', 'blue', 'black']);
    const starts = words.map(({ startMs }) => startMs);
    expect([...starts].sort((a, b) => a - b)).toEqual(starts);
    expect(starts.at(-1)).toBeLessThan(durationMs);
    const loud = samples.findIndex((sample) => Math.abs(sample) > 500) / 16;
    expect(Math.abs(loud - (starts[0] ?? 0))).toBeLessThan(150);
  });
});
