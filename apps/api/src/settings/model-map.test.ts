import { describe, expect, it } from '@jest/globals';
import { localModel, parseModelMap } from './model-map.ts';

describe('the table of model names', () => {
  it('means the current model by every name of OpenAI, unless the operator says otherwise', () => {
    const map = parseModelMap('whisper-1=large-v3, My-Model = small ,gpt-4o-transcribe=auto');
    expect(localModel('whisper-1', map)).toBe('large-v3');
    expect(localModel('gpt-4o-transcribe', map)).toBeNull();
    expect(localModel('gpt-4o-mini-transcribe', map)).toBeNull();
    expect(localModel('my-model', map)).toBe('small');
  });

  it('reads the same as JSON', () => {
    const map = parseModelMap('{"whisper-1": "large-v3", "my-model": null}');
    expect(map).toEqual(parseModelMap('whisper-1=large-v3,my-model=auto'));
  });

  it('takes dated names for the model they are a version of, and the rest for local names', () => {
    const map = parseModelMap('gpt-4o-mini-transcribe=small');
    expect(localModel('gpt-4o-mini-transcribe-2025-12-15', map)).toBe('small');
    expect(localModel('gpt-4o-transcribe-2026-01-01', map)).toBeNull();
    expect(localModel('Large', map)).toBe('large-v3');
    expect(localModel('no-such-model', map)).toBe('no-such-model');
    expect(localModel('constructor', map)).toBe('constructor');
  });

  it.each(['whisper-1', '=x', 'a=b=c', '{"a": 1}', '{"a": ""}', '{'])('refuses %s', (text) => {
    expect(() => parseModelMap(text)).toThrow();
  });
});
