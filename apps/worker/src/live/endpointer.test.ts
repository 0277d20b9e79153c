import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Endpointer } from './endpointer.ts';

const steps = (seconds: number, probability: number): number[] => Array(Math.round(seconds / 0.032)).fill(probability);

const USUAL = { threshold: 0.5, prefixMs: 300 };

describe('Endpointer', () => {
  it('says where speech begins, with what comes before, and where its silence begins', () => {
    const endpointer = new Endpointer(USUAL);
    const events = endpointer.accept([...steps(1.6, 0.1), ...steps(3.2, 0.9), ...steps(1.6, 0.1)], 500);
    expect(events).toEqual([
      { type: 'speech_started', atMs: 1_300 },
      { type: 'speech_stopped', atMs: 4_800 },
    ]);
  });

  it('hears neither a click nor the pause within a sentence', () => {
    const endpointer = new Endpointer(USUAL);
    expect(endpointer.accept([...steps(0.96, 0), ...steps(0.064, 1), ...steps(0.96, 0)], 500)).toEqual([]);
    const spoken = [...steps(0.96, 0.9), ...steps(0.32, 0.1), ...steps(0.96, 0.9)];
    expect(endpointer.accept(spoken, 500)).toEqual([{ type: 'speech_started', atMs: 1_684 }]);
    expect(endpointer.isSpeech).toBe(true);
  });

  it('goes on while a sound is doubtful, and ends when it is told to', () => {
    const endpointer = new Endpointer(USUAL);
    endpointer.accept([...steps(0.96, 0.9), ...steps(3.2, 0.4)], 500);
    expect([endpointer.isSpeech, endpointer.pauseMs]).toEqual([true, 0]);
    endpointer.accept(steps(0.32, 0.2), 500);
    expect(endpointer.pauseMs).toBe(320);
    expect(endpointer.stop()).toEqual({ type: 'speech_stopped', atMs: 4_160 });
    expect(endpointer.stop()).toBeNull();
  });

  it('begins no utterance before the last one ended', () => {
    const endpointer = new Endpointer({ threshold: 0.5, prefixMs: 2_000 });
    const events = endpointer.accept([...steps(0.96, 0.9), ...steps(0.64, 0), ...steps(0.96, 0.9)], 500);
    expect(events.map(({ atMs }) => atMs)).toEqual([0, 960, 960]);
  });

  it('alternates, in the order of time, however its input is divided', () => {
    const probability = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(probability, { maxLength: 300 }), fc.integer({ min: 1, max: 40 }), (probabilities, size) => {
        const whole = new Endpointer(USUAL).accept(probabilities, 200);
        const inParts = new Endpointer(USUAL);
        const events = [];
        for (let at = 0; at < probabilities.length; at += size) {
          events.push(...inParts.accept(probabilities.slice(at, at + size), 200));
        }
        expect(events).toEqual(whole);
        expect(whole.every(({ type }, at) => type === (at % 2 === 0 ? 'speech_started' : 'speech_stopped'))).toBe(true);
        const times = whole.map(({ atMs }) => atMs);
        expect(times).toEqual([...times].sort((a, b) => a - b));
      }),
    );
  });
});
