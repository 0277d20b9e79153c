import { chooseModel, type InstalledModelFile } from '@sotto/whisper';
import type { WorkerDeps } from './deps.ts';

/**
 * The model this worker starts with, installed if need be. Progress and what did not work go to the log: a first start
 * may take minutes, and an operator must see why it ended with a stand-in.
 * @throws SottoError model_not_available; the signal's reason when the process stops meanwhile
 */
export async function chooseDefaultModel(
  wanted: string,
  { env, logger, lifecycle }: WorkerDeps,
): Promise<InstalledModelFile> {
  const chosen = await chooseModel(wanted, env.WHISPER_MODEL_DIR, {
    computeType: env.WHISPER_COMPUTE_TYPE,
    signal: lifecycle.signal,
    ...(env.MODEL_BASE_URL === undefined ? {} : { baseUrl: env.MODEL_BASE_URL }),
    onProgress: (progress) => logger.info('installing a model', { ...progress }),
  });
  for (const { model, source, problem } of chosen.attempts) {
    if (problem === null) continue;
    const hasWorked = chosen.attempts.some((other) => other.model === model && other.problem === null);
    if (hasWorked) logger.info('a model came from another source', { model, source, problem });
    else logger.warning('a model could not be installed', { model, source, problem });
  }
  if (chosen.warning !== null) logger.warning(chosen.warning, { model: chosen.name });
  return chosen;
}
