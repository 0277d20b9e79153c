import { describe, expect, it } from '@jest/globals';
import { gpusOf, readGpus } from './nvidia-smi.ts';

describe('what nvidia-smi says', () => {
  it('is read in bytes, degrees and parts of one', () => {
    const [first, second] = gpusOf('0, 87, 10240, 46068, 61\n1, 0, 1, 46068, 30\n');
    expect(first).toEqual({
      gpu: '0',
      utilisation: expect.closeTo(0.87),
      memoryUsedBytes: 10_737_418_240,
      memoryBytes: 48_305_799_168,
      celsius: 61,
    });
    expect(second).toMatchObject({ gpu: '1', utilisation: 0 });
  });

  it('may leave something out', () => {
    const [gpu] = gpusOf('0, [N/A], [Not Supported], 46068, 61\n');
    expect(gpu).toMatchObject({ utilisation: null, memoryUsedBytes: null, celsius: 61 });
  });

  it('is nothing where there is no such program, no driver, or no GPU', async () => {
    expect(await readGpus('no-such-program-of-nvidia')).toEqual([]);
    expect(await readGpus('false')).toEqual([]);
    expect(gpusOf('No devices were found\n')).toEqual([]);
  });
});
