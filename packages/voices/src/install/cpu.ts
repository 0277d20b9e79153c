import { readFile } from 'node:fs/promises';
import type { WeightSign } from '../onnx/quantised-weights.ts';

/**
 * Whether this processor adds up products of bytes without saturating in between (VNNI), as products with signed weights need it. Only
 * known of Linux on x86-64: elsewhere unsigned weights are right, and half as fast at most.
 */
export async function hasVnni(): Promise<boolean> {
  const flags = await readFile('/proc/cpuinfo', 'utf8').catch(() => '');
  return /^flags\s*:.*\b(avx512_vnni|avx_vnni)\b/m.test(flags);
}

export const fittingWeights = async (): Promise<WeightSign> => ((await hasVnni()) ? 's8' : 'u8');
