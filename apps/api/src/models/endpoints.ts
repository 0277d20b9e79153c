import {
  type InstalledModel,
  KNOWN_MODELS,
  modelFacts,
  SPEAKER_MODEL_FACTS,
  wireModelListSchema,
  wireModelSchema,
} from '@sotto/contracts';
import { z } from 'zod';
import { currentModelName, type Fleet, type WorkerDirectory, warningsOf } from '../fleet/worker-directory.ts';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { ownErrors } from '../http/errors.ts';
import { PathParams } from '../http/path-params.ts';
import { readableBytes } from '../http/readable-bytes.ts';
import { openAiErrors } from '../openai/errors.ts';
import { aliasRows, findModel } from '../openai/models.ts';
import type { ApiSettings } from '../settings/settings.ts';

type WireModel = z.infer<typeof wireModelSchema>;
type WireModelList = z.infer<typeof wireModelListSchema>;

export interface ModelsDeps {
  directory: WorkerDirectory;
  settings: Pick<ApiSettings, 'defaultModel' | 'openAiModels'>;
}

export function modelEndpoints(deps: ModelsDeps): Endpoint[] {
  const rows = async () => {
    const fleet = await deps.directory.freshFleet();
    const models = modelList(fleet);
    const current = currentModelName(fleet, deps.settings.defaultModel);
    return { models, data: [...models, ...aliasRows(models, deps.settings.openAiModels, current, wireKnown)], current };
  };
  const models = endpoint({
    method: 'get',
    path: '/models',
    summary: 'List models',
    description:
      "Installed models first, then those a worker could install. `data` also lists the names that OpenAI's clients use.",
    tag: 'operations',
    access: 'read',
    answers: { 200: { description: 'The models.', content: { 'application/json': wireModelListSchema } } },
    errors: ['queue_unavailable'],
    errorShapes: [ownErrors, openAiErrors],
    handle: async ({ response }) => {
      const { models, data, current } = await rows();
      response.json({
        object: 'list',
        models,
        data,
        current_model: current,
        speaker_model: { ...SPEAKER_MODEL_FACTS },
      } satisfies WireModelList);
    },
  });
  const model = endpoint({
    method: 'get',
    path: '/models/{id}',
    summary: 'Get a model',
    tag: 'operations',
    access: 'read',
    params: new PathParams(z.object({ id: z.string() }), 'model_not_available', 'No model has this name.'),
    answers: { 200: { description: 'The model.', content: { 'application/json': wireModelSchema } } },
    errors: ['queue_unavailable', 'model_not_available'],
    errorShapes: [ownErrors, openAiErrors],
    handle: async ({ params, response }) => {
      const { data } = await rows();
      response.json(findModel(params.id, data));
    },
  });
  return [models, model];
}

function modelList(fleet: Fleet): WireModel[] {
  const installed = fleet.models.map(wireInstalled);
  const names = new Set(installed.map(({ name }) => name));
  const others = Object.keys(KNOWN_MODELS).filter((name) => !names.has(name));
  return [...installed, ...others.map(wireKnown)];
}

function wireInstalled(model: InstalledModel): WireModel {
  const warnings = warningsOf(model);
  return {
    ...wireKnown(model.name),
    size: readableBytes(model.bytes),
    languages: model.multilingual ? 'multilingual' : 'en',
    installed: true,
    loaded: model.loaded,
    realtime_factor: model.realtimeFactor,
    memory_bytes: model.memoryBytes,
    ...(warnings.length > 0 && { warning: warnings.join(' ') }),
  };
}

function wireKnown(name: string): WireModel {
  const facts = modelFacts(name);
  return {
    name,
    id: name,
    object: 'model',
    created: 0,
    owned_by: facts === null ? 'local' : 'openai',
    size: facts?.size ?? 'unknown',
    speed: facts?.speed ?? 'unknown',
    accuracy: facts?.accuracy ?? 'unknown',
    languages: (facts?.multilingual ?? true) ? 'multilingual' : 'en',
    installed: false,
    loaded: false,
    realtime_factor: null,
    memory_bytes: null,
  };
}
