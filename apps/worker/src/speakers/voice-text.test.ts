import { describe, expect, it } from '@jest/globals';
import { voiceprintSchema } from '@sotto/contracts';
import fc from 'fast-check';
import { embeddingText, voiceOf } from './voice-text.ts';

describe('a voice as text', () => {
  it('is the same voice when it is read, as exact as the networks are', () => {
    fc.assert(
      fc.property(fc.float32Array({ minLength: 256, maxLength: 256, noNaN: true }), (heard) => {
        const voice = Float64Array.from(heard);
        const stored = voiceprintSchema.parse({ model: 'm', embedding: embeddingText(voice) });
        expect(voiceOf(stored)).toEqual(voice);
      }),
    );
  });

  it('takes 1368 characters', () => {
    expect(embeddingText(new Float64Array(256))).toHaveLength(1368);
  });
});
