import { describe, expect, it } from '@jest/globals';
import { waitFor } from './wait-for.ts';

describe('waitFor', () => {
  it('gives what the condition gives, once it gives something', async () => {
    const answers = [undefined, null, false, 'here'];
    expect(await waitFor(() => answers.shift(), { what: 'an answer', intervalMs: 1 })).toBe('here');
  });

  it('takes 0 and the empty string for an answer', async () => {
    expect(await waitFor(() => 0, { what: 'zero' })).toBe(0);
    expect(await waitFor(() => '', { what: 'nothing' })).toBe('');
  });

  it('asks again after an error, and names the last one when time is up', async () => {
    let asked = 0;
    const broken = (): never => {
      asked += 1;
      throw new Error(`no ${asked}`);
    };
    const failure = await waitFor(broken, { what: 'luck', timeoutMs: 30, intervalMs: 1 }).catch(
      (error: Error) => error,
    );
    expect(asked).toBeGreaterThan(1);
    expect(failure).toMatchObject({ message: 'Waited 30 ms in vain for luck.', cause: { message: `no ${asked}` } });
  });
});
