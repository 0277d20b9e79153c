import { defaultModelFormSchema, enginesOf, type WireAdminModels, wireAdminModelsSchema } from '@sotto/contracts';
import type { ModelWishes } from '@sotto/queue';
import type { Response } from 'express';
import { resolveModel } from '../fleet/resolve.ts';
import { currentModelName, type Fleet, type WorkerDirectory } from '../fleet/worker-directory.ts';
import type { Answer } from '../http/description.ts';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { BODY_ERRORS } from '../http/json-body.ts';
import type { ApiSettings } from '../settings/settings.ts';
import { modelParams } from './model-params.ts';

export interface AdminModelDeps {
  directory: WorkerDirectory;
  modelWishes: ModelWishes;
  settings: Pick<ApiSettings, 'defaultModel'>;
}

const answer: Answer = { description: 'The models.', content: { 'application/json': wireAdminModelsSchema } };

/** Models of all workers, for operators: what they have, and what they are to do with it while they run. */
export function adminModelEndpoints(deps: AdminModelDeps): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/admin/models',
      tag: 'admin',
      access: 'admin',
      summary: 'List the models of all workers',
      answers: { 200: answer },
      errors: [],
      handle: ({ response }) => send(response, deps),
    }),
    endpoint({
      method: 'post',
      path: '/admin/models/default',
      tag: 'admin',
      access: 'admin',
      summary: 'Set the model of requests that name none',
      description:
        'Takes effect when the first worker has loaded it, within seconds, and stays until it is set to null. Work that was accepted before keeps its model.',
      body: defaultModelFormSchema,
      answers: { 200: answer },
      errors: ['model_not_available', ...BODY_ERRORS],
      handle: async ({ body: { model }, response }) => {
        await deps.modelWishes.setDefault(model === null ? null : await installedName(model, deps));
        await send(response, deps);
      },
    }),
    preloadEndpoint('post', deps),
    preloadEndpoint('delete', deps),
  ];
}

function preloadEndpoint(method: 'post' | 'delete', deps: AdminModelDeps): Endpoint {
  const isPost = method === 'post';
  return endpoint({
    method,
    path: '/admin/models/{id}/preload',
    tag: 'admin',
    access: 'admin',
    params: modelParams,
    summary: isPost ? 'Keep a model in memory' : 'No longer keep a model in memory',
    ...(isPost && {
      description: 'Every worker that has it loads it now, and unloads it last, however long it is idle.',
    }),
    answers: { 200: answer },
    errors: ['model_not_available'],
    handle: async ({ params: { id }, response }) => {
      if (isPost) await deps.modelWishes.preload(await installedName(id, deps));
      else if (!(await deps.modelWishes.release(id))) throw modelParams.notFound();
      await send(response, deps);
    },
  });
}

/** @throws SottoError `model_not_available` with those that are */
async function installedName(name: string, { directory }: AdminModelDeps): Promise<string> {
  const fleet = await directory.freshFleet();
  return resolveModel({ model: name }, fleet, null).name ?? name;
}

async function send(response: Response, { directory, modelWishes, settings }: AdminModelDeps): Promise<void> {
  const [fleet, { defaultModel, preloaded }] = await Promise.all([directory.freshFleet(), modelWishes.read()]);
  const body: WireAdminModels = {
    current_model: currentModelName(fleet, settings.defaultModel),
    default_model: defaultModel,
    preloaded,
    models: modelRows(fleet),
  };
  response.set('Cache-Control', 'no-store').json(body);
}

function modelRows({ workers, models }: Fleet): WireAdminModels['models'] {
  const held = enginesOf(workers, 'transcribe').flatMap((engine) => engine.models);
  return models.map(({ name, digest, bytes, multilingual, realtimeFactor, memoryBytes, warning }) => {
    const copies = held.filter((model) => model.name === name);
    const fits = copies.filter((model) => model.fits).length;
    const loadedBy = copies.filter((model) => model.loaded).length;
    return {
      name,
      digest,
      bytes,
      multilingual,
      workers: copies.length,
      fits,
      loaded_by: loadedBy,
      realtime_factor: realtimeFactor,
      memory_bytes: memoryBytes,
      warning,
    };
  });
}
