import type { LiveEncoding } from '@sotto/contracts';
import { pcmOf } from '../media/pcm.ts';

const MULAW_BIAS = 0x84;

/** ITU-T G.711: eight bits a sample, of the telephone. */
const TABLES = { mulaw: Int16Array.from({ length: 256 }, (_, code) => fromMulaw(code)), alaw: alawTable() };

export function decodeSamples(encoding: LiveEncoding, bytes: Uint8Array): Int16Array {
  if (encoding === 'pcm_s16le') return pcmOf(bytes);
  const table = TABLES[encoding];
  return Int16Array.from(bytes, (code) => table[code] ?? 0);
}

function fromMulaw(code: number): number {
  const bits = ~code & 0xff;
  const magnitude = ((((bits & 0x0f) << 3) + MULAW_BIAS) << ((bits & 0x70) >> 4)) - MULAW_BIAS;
  return bits & 0x80 ? -magnitude : magnitude;
}

function alawTable(): Int16Array {
  return Int16Array.from({ length: 256 }, (_, code) => {
    const bits = code ^ 0x55;
    const exponent = (bits & 0x70) >> 4;
    const mantissa = ((bits & 0x0f) << 4) + 8;
    const magnitude = exponent === 0 ? mantissa : (mantissa + 0x100) << (exponent - 1);
    return bits & 0x80 ? magnitude : -magnitude;
  });
}
