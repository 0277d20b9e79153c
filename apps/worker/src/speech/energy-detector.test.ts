import { describe, expect, it } from '@jest/globals';
import { energyDetection, loudSpans } from './energy-detector.ts';
import { EnergyProfile } from './energy-profile.ts';

/** Noise at these levels (full scale is 1), one second each. */
function seconds(levels: number[]): Int16Array {
  return Int16Array.from({ length: levels.length * 16_000 }, (_, n) => {
    const level = levels[Math.floor(n / 16_000)] ?? 0;
    return Math.round(level * 32_767 * Math.sin(n * 12.9898) * Math.cos(n * 78.233));
  });
}

describe('the energy detector', () => {
  it('finds what is louder than its surroundings', () => {
    const detector = energyDetection.newDetector();
    detector.accept(seconds([0.01, 0.01, 0.2, 0.2, 0.01, 0.3, 0.01]));
    expect(detector.finish()).toEqual([
      { startMs: 2000, endMs: 4000 },
      { startMs: 5000, endMs: 6000 },
    ]);
  });

  it('finds nothing in silence, in even noise, in nothing', () => {
    for (const levels of [[0, 0, 0], [0.1, 0.1, 0.1], []]) {
      const detector = energyDetection.newDetector();
      detector.accept(seconds(levels));
      expect(detector.finish()).toEqual([]);
    }
  });

  it('bridges dips and drops clicks', () => {
    const frames = new Float32Array(200).fill(1e-8);
    frames.fill(0.01, 50, 70).fill(0.01, 80, 100).fill(0.01, 150, 153);
    expect(loudSpans(frames)).toEqual([{ startMs: 500, endMs: 1000 }]);
  });
});

describe('EnergyProfile', () => {
  it('finds the quietest point, not a short dip', () => {
    const profile = new EnergyProfile();
    const pcm = seconds([0.3, 0.3, 0.3, 0.3]);
    pcm.fill(0, 16_000, 16_000 + 320);
    pcm.fill(0, 40_000, 40_000 + 4800);
    for (let at = 0; at < pcm.length; at += 777) profile.accept(pcm.subarray(at, at + 777));
    expect(profile.frames).toHaveLength(400);
    const quietest = profile.quietestMs(500, 4000);
    expect(quietest).toBeGreaterThan(2500);
    expect(quietest).toBeLessThan(2800);
    expect(profile.quietestMs(900, 1100)).toBeLessThan(1100);
  });

  it('grows with the recording', () => {
    const profile = new EnergyProfile();
    for (let minute = 0; minute < 3; minute++) profile.accept(new Int16Array(60 * 16_000));
    expect(profile.frames).toHaveLength(18_000);
  });
});
