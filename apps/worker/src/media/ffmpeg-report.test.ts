import { describe, expect, it } from '@jest/globals';
import { judgeFfmpeg } from './ffmpeg-report.ts';

const DECLARED = '[info]   Duration: 00:01:00.00, start: 0.000000, bitrate: 64 kb/s';
const end = { exitCode: 0, stderr: DECLARED, decodedMs: 60_000, trustsDuration: true, leavesSilenceOut: false };

describe('judgeFfmpeg', () => {
  it('has nothing to say about a clean end', () => {
    expect(judgeFfmpeg(end)).toEqual([]);
    expect(judgeFfmpeg({ ...end, decodedMs: 59_000 })).toEqual([]);
  });

  it('tells a missing sound track from a broken file', () => {
    const noSound = "[fatal] Stream map '0:a:0' matches no streams.";
    expect(() => judgeFfmpeg({ ...end, exitCode: 1, stderr: noSound, decodedMs: 0 })).toThrow('no_audio_stream');
    expect(() => judgeFfmpeg({ ...end, exitCode: 1, stderr: 'x', decodedMs: 0 })).toThrow('undecodable_media');
    const noIndex = '[mov,mp4 @ 0x55] [error] moov atom not found';
    expect(() => judgeFfmpeg({ ...end, exitCode: 1, stderr: noIndex, decodedMs: 0 })).toThrow(/index/);
  });

  it('warns when the sound is shorter than the container says, where that can be believed', () => {
    expect(judgeFfmpeg({ ...end, decodedMs: 30_000 })).toMatchObject([{ code: 'truncated_media' }]);
    expect(judgeFfmpeg({ ...end, decodedMs: 30_000, trustsDuration: false })).toEqual([]);
  });

  it('warns of partial and damaged files, however ffmpeg ended', () => {
    const partial = `${DECLARED}\n[mov,mp4,m4a @ 0x5581] [error] stream 0, offset 0x1000: partial file`;
    expect(judgeFfmpeg({ ...end, stderr: partial })).toMatchObject([{ code: 'truncated_media' }]);
    const damaged = `${DECLARED}\n[mp3float @ 0x5581aa] [error] Header missing`;
    expect(judgeFfmpeg({ ...end, stderr: damaged })).toMatchObject([{ code: 'damaged_media' }]);
    expect(judgeFfmpeg({ ...end, exitCode: 69 })).toMatchObject([{ code: 'damaged_media' }]);
  });

  it('takes no frame that stands for silence for damage, where there are such', () => {
    const silent = [
      DECLARED,
      '[amrnb @ 0x5581aa] [error] Corrupt bitstream',
      '[error] Error while decoding stream #0:0: Invalid data found when processing input',
    ].join('\n');
    expect(judgeFfmpeg({ ...end, stderr: silent, leavesSilenceOut: true })).toEqual([]);
    expect(judgeFfmpeg({ ...end, stderr: silent })).toMatchObject([{ code: 'damaged_media' }]);
    const broken = `${silent}\n[error] file:/x: Input/output error`;
    expect(judgeFfmpeg({ ...end, stderr: broken, leavesSilenceOut: true })).toMatchObject([{ code: 'damaged_media' }]);
  });
});
