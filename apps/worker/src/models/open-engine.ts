import { SottoError } from '@sotto/contracts';
import { wholeCores } from '@sotto/runtime';
import { type InstalledModelFile, WhisperModel } from '@sotto/whisper';
import { chooseDefaultModel } from '../default-model.ts';
import type { WorkerDeps } from '../deps.ts';
import { deviceKind } from '../device.ts';
import { Engine, type EngineDeps } from './engine.ts';
import { EngineWatch } from './engine-watch.ts';
import { fitsAlone, hasRoom } from './memory-room.ts';
import { engineThreads } from './threads.ts';

/** Reserved for the interactive lane: its windows do not wait for a slot, and the batch lane pauses meanwhile. */
const RESERVED_SLOTS = 1;

/** sysexits.h: an internal software error. A supervisor starts the process again. */
const EX_SOFTWARE = 70;

type Hooks = Pick<EngineDeps, 'rightOfWay' | 'onEvent' | 'onModelsChange'>;

/**
 * The engine with its default model in memory. Where WHISPER_MODEL cannot be had or loaded, WHISPER_FALLBACK_MODEL
 * stands in for it as the default, with a warning in every result and in /health: requests that name a model never get
 * another.
 */
export async function openEngine(deps: WorkerDeps, hooks: Hooks): Promise<Engine> {
  const { WHISPER_MODEL: wanted, WHISPER_FALLBACK_MODEL: fallback } = deps.env;
  try {
    return await openWith(await chooseDefaultModel(wanted, deps), deps, hooks);
  } catch (error) {
    if (fallback === undefined || !isFaultOfModel(error)) throw error;
    deps.logger.error('the default model cannot be used; another one stands in for it', { error, wanted, fallback });
    const file = await chooseDefaultModel(fallback, deps);
    const warning = `${file.name} stands in for ${wanted}, which cannot be loaded.`;
    return openWith({ ...file, warning }, deps, hooks);
  }
}

const isFaultOfModel = (error: unknown): boolean =>
  error instanceof SottoError && ['model_load_failed', 'model_not_available', 'disk_full'].includes(error.code);

async function openWith(defaultModel: InstalledModelFile, deps: WorkerDeps, hooks: Hooks): Promise<Engine> {
  const { env, lifecycle, logger } = deps;
  const limits = () => ({
    budgetBytes: env.MODEL_MEMORY_BUDGET,
    isInMainMemory: ['auto', 'cpu'].includes(deviceKind(env.WHISPER_DEVICE)),
  });
  const engine = new Engine({
    ...hooks,
    modelDir: env.WHISPER_MODEL_DIR,
    computeType: env.WHISPER_COMPUTE_TYPE,
    defaultModel,
    load: (file) => load(file, deps),
    maxLoaded: () => env.MAX_LOADED_MODELS,
    idleMs: () => env.MODEL_IDLE_MINUTES * 60_000,
    fits: (file) => fitsAlone(file, limits()),
    hasRoom: (file, loaded) => hasRoom(file, loaded, limits()),
    watch: new EngineWatch(env.ENGINE_TIMEOUT * 1000, (silentMs) => {
      logger.critical('the engine does not respond any more; ending this process', { silentMs: Math.round(silentMs) });
      process.exit(EX_SOFTWARE);
    }),
    onFolderError: (error) => logger.warning('the folder of models cannot be read', { error }),
  });
  try {
    await engine.open(lifecycle.signal, (reason) => logger.warning('the worker waits for memory', { reason }));
  } catch (error) {
    await engine.close();
    throw error;
  }
  lifecycle.own('engine', () => engine.close());
  return engine;
}

function load(file: InstalledModelFile, { env, logger }: WorkerDeps): Promise<WhisperModel> {
  return WhisperModel.load(file.path, {
    device: deviceKind(env.WHISPER_DEVICE),
    slots: env.WHISPER_BATCH,
    reservedSlots: RESERVED_SLOTS,
    threads: engineThreads(wholeCores(), env.WHISPER_THREADS),
    backend: env.WHISPER_KERNELS,
    // Its errors come to us as exceptions too; an aborted window is one of them.
    onLog: (_level, text) => logger.debug(text),
  });
}
