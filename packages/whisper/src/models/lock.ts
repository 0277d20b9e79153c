import { type LockOptions, withInstallLock } from '@sotto/model-files';
import { lockPath, modelPath } from './paths.ts';

/** Runs `work` while holding the model's lock; see `withInstallLock`. */
export function withModelLock<T>(
  modelDir: string,
  name: string,
  work: (signal: AbortSignal) => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  const path = modelPath(modelDir, name);
  const model = { folder: modelDir, name: `model ${name}`, path, lockPath: lockPath(modelDir, name) };
  return withInstallLock(model, work, options);
}
