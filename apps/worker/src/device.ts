import type { DEVICES } from '@sotto/whisper';

export type Device = (typeof DEVICES)[number];

/** `cuda:1` is the second GPU that this process may see; everything else has no index. */
export const CUDA_INDEX = /^cuda:(\d{1,3})$/i;

/** What the engine is asked for. */
export function deviceKind(device: string): Device {
  return (CUDA_INDEX.test(device) ? 'cuda' : device) as Device;
}

/**
 * What makes CUDA see nothing but the GPU of `device`; set before the engine is loaded. Indices count among the GPUs
 * that were visible before, in the order of nvidia-smi. Empty for every other device.
 *
 * @throws Error when there are fewer.
 */
export function cudaEnvironment(device: string, env: NodeJS.ProcessEnv): Record<string, string> {
  const index = CUDA_INDEX.exec(device)?.[1];
  if (index === undefined) return {};
  const visible = env.CUDA_VISIBLE_DEVICES?.split(',').map((each) => each.trim());
  const chosen = visible === undefined ? index : visible[Number(index)];
  if (!chosen) throw new Error(`WHISPER_DEVICE=${device}: CUDA_VISIBLE_DEVICES names ${visible?.length ?? 0} GPUs`);
  return { CUDA_VISIBLE_DEVICES: chosen, CUDA_DEVICE_ORDER: env.CUDA_DEVICE_ORDER ?? 'PCI_BUS_ID' };
}
