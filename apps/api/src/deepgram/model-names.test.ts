import { describe, expect, it } from '@jest/globals';
import { parseModelMap } from '../settings/model-map.ts';
import { modelNamed } from './model-names.ts';

describe('models for clients of Deepgram', () => {
  const map = parseModelMap('nova-3=large-v3,nova-2-meeting=auto');

  it.each([
    [undefined, null],
    ['', null],
    ['nova-2', null],
    ['nova-2-phonecall', null],
    ['nova-2-meeting', null],
    ['enhanced', null],
    ['base-meeting', null],
    ['general', null],
    ['whisper', null],
    ['whisper-cloud', null],
    ['Nova-3', 'large-v3'],
    ['whisper-1', null],
    ['whisper-large', 'large-v3'],
    ['whisper-tiny', 'tiny'],
    ['base', 'base'],
    ['base.en', 'base.en'],
    ['nonsense', 'nonsense'],
  ])('%s is %s', (asked, model) => {
    expect(modelNamed(asked, map)).toBe(model);
  });
});
