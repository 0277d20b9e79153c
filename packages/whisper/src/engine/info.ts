import { loadAddon } from './native.ts';

export interface EngineInfo {
  /** Of whisper.cpp. */
  version: string;
  /** Instruction sets and backends that this build uses and this machine has. */
  features: string[];
}

/** @throws SottoError `model_load_failed` when the engine is not built or does not fit this machine. */
export function engineInfo(): EngineInfo {
  const { version, systemInfo } = loadAddon();
  const named = systemInfo.split(/[|:]/).map((part) => part.trim());
  return { version, features: named.flatMap((part) => (/ = [1-9]/.test(part) ? [part.split(' = ')[0] ?? part] : [])) };
}
