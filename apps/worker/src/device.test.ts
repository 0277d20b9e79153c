import { describe, expect, it } from '@jest/globals';
import { parseEnv } from '@sotto/runtime';
import { cudaEnvironment, deviceKind } from './device.ts';
import { workerEnvSchema } from './env.ts';

describe('devices', () => {
  it.each([
    ['cpu', 'cpu'],
    ['AUTO', 'auto'],
    ['cuda', 'cuda'],
    ['CUDA:1', 'cuda'],
  ])('WHISPER_DEVICE=%s asks the engine for %s', (text, kind) => {
    expect(deviceKind(parseEnv(workerEnvSchema, { WHISPER_DEVICE: text }).WHISPER_DEVICE)).toBe(kind);
  });

  it.each(['gpu', 'cuda:', 'cuda:x', 'cpu:1', 'cuda:0,cuda:1'])('WHISPER_DEVICE=%s is refused', (text) => {
    expect(() => parseEnv(workerEnvSchema, { WHISPER_DEVICE: text })).toThrow(/WHISPER_DEVICE/);
  });

  it('shows one GPU to CUDA, of those that it may see', () => {
    expect(cudaEnvironment('cuda:1', {})).toEqual({ CUDA_VISIBLE_DEVICES: '1', CUDA_DEVICE_ORDER: 'PCI_BUS_ID' });
    expect(cudaEnvironment('cuda:1', { CUDA_VISIBLE_DEVICES: '4, GPU-8f' })).toMatchObject({
      CUDA_VISIBLE_DEVICES: 'GPU-8f',
    });
    expect(cudaEnvironment('cuda', { CUDA_VISIBLE_DEVICES: '4' })).toEqual({});
    expect(() => cudaEnvironment('cuda:2', { CUDA_VISIBLE_DEVICES: '4,5' })).toThrow('names 2 GPUs');
  });
});
