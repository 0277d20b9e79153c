import { describe, expect, it } from '@jest/globals';
import { LIVE_ENCODINGS, LIVE_RATES, type LiveFormat } from '@sotto/contracts';
import { firstSample, SessionAudio } from './session-audio.ts';

/** Three seconds of two tones. */
function sound({ encoding, sampleRate }: LiveFormat): Buffer {
  const samples = Array.from({ length: 3 * sampleRate }, (_, at) =>
    Math.round(8_000 * (Math.sin(at / 9) + Math.sin(at / 40)) + 100),
  );
  const bytes = Buffer.alloc(samples.length * LIVE_ENCODINGS[encoding]);
  for (const [at, sample] of samples.entries()) {
    if (encoding === 'pcm_s16le') bytes.writeInt16LE(sample, 2 * at);
    else bytes[at] = (at * 7) & 0xff;
  }
  return bytes;
}

function play(format: LiveFormat, fromMs: number, pieceSamples: number): Int16Array {
  const bytes = sound(format);
  const width = LIVE_ENCODINGS[format.encoding];
  const audio = new SessionAudio(format, fromMs);
  const parts: Int16Array[] = [];
  // An entry begins before the sample that is needed.
  for (let at = Math.max(0, audio.at - 7); at * width < bytes.length; at += pieceSamples) {
    parts.push(audio.push(at, bytes.subarray(at * width, (at + pieceSamples) * width)));
  }
  return Int16Array.from([...parts, audio.flush()].flatMap((part) => [...part]));
}

const formats: LiveFormat[] = LIVE_RATES.map((sampleRate) => ({ encoding: 'pcm_s16le', sampleRate }));
const telephone: LiveFormat[] = [
  { encoding: 'mulaw', sampleRate: 8_000 },
  { encoding: 'alaw', sampleRate: 8_000 },
];

describe('the audio of a session', () => {
  it.each([...formats, ...telephone])('is the same from wherever it begins: $encoding, $sampleRate Hz', (format) => {
    const whole = play(format, 0, 1_000);
    expect(whole.length).toBe(3 * 16_000);
    for (const fromMs of [1, 333, 1_000, 2_517]) {
      expect(Number.isInteger(firstSample(format, fromMs))).toBe(true);
      expect(Buffer.from(play(format, fromMs, 777).buffer).equals(Buffer.from(whole.slice(fromMs * 16).buffer))).toBe(
        true,
      );
    }
  });

  it('is what the telephone says', () => {
    const decoded = (encoding: 'mulaw' | 'alaw', codes: number[]) => {
      const audio = new SessionAudio({ encoding, sampleRate: 16_000 }, 0);
      return [...audio.push(0, Buffer.from([...codes, ...Array(16 - codes.length).fill(0xff)]))].slice(0, codes.length);
    };
    // ITU-T G.711, tables 1a and 2a: the ends of the scale, and the middle.
    expect(decoded('mulaw', [0x00, 0x80, 0xff, 0x7f, 0xf0])).toEqual([-32_124, 32_124, 0, 0, 120]);
    expect(decoded('alaw', [0xaa, 0x2a, 0xd5, 0x55])).toEqual([32_256, -32_256, 8, -8]);
  });
});
