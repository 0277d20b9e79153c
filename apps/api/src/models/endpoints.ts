import {
  type InstalledModel,
  KNOWN_MODELS,
  LANGUAGE_CODES,
  LANGUAGES,
  modelFacts,
  wireLanguageListSchema,
  wireModelListSchema,
  type wireModelSchema,
} from '@sotto/contracts';
import type { z } from 'zod';
import type { Endpoint } from '../http/endpoint.ts';
import { readableBytes } from '../http/readable-bytes.ts';
import { currentModelName, type Fleet, type WorkerDirectory } from './worker-directory.ts';

type WireModel = z.infer<typeof wireModelSchema>;

export interface ModelsDeps {
  directory: WorkerDirectory;
  defaultModel: string | null;
}

export function modelEndpoints({ directory, defaultModel }: ModelsDeps): Endpoint[] {
  const models: Endpoint = {
    method: 'get',
    path: '/models',
    summary: 'Models a request can name',
    description:
      'Installed ones first, then those that a worker could install. `data` is the same list for OpenAI clients.',
    tag: 'operations',
    access: 'read',
    answers: { 200: { description: 'The models.', content: { 'application/json': wireModelListSchema } } },
    errors: ['queue_unavailable'],
    handle: async (_request, response) => {
      const fleet = await directory.fleet();
      const list = modelList(fleet);
      response.json({
        object: 'list',
        models: list,
        data: list,
        current_model: currentModelName(fleet, defaultModel),
      } satisfies z.infer<typeof wireModelListSchema>);
    },
  };
  const languages: Endpoint = {
    method: 'get',
    path: '/languages',
    summary: 'Languages a recording can be in',
    tag: 'operations',
    access: 'read',
    answers: { 200: { description: 'The languages.', content: { 'application/json': wireLanguageListSchema } } },
    errors: [],
    handle: (_request, response) => {
      response.json({ languages: LANGUAGE_CODES.map((code) => ({ code, name: LANGUAGES[code] })) });
    },
  };
  return [models, languages];
}

function modelList(fleet: Fleet): WireModel[] {
  const installed = fleet.models.map(wireInstalled);
  const names = new Set(installed.map(({ name }) => name));
  const others = Object.keys(KNOWN_MODELS).filter((name) => !names.has(name));
  return [...installed, ...others.map(wireKnown)];
}

function wireInstalled(model: InstalledModel): WireModel {
  return {
    ...wireKnown(model.name),
    size: readableBytes(model.bytes),
    languages: model.multilingual ? 'multilingual' : 'en',
    installed: true,
    loaded: model.loaded,
    ...(model.warning !== null && { warning: model.warning }),
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
  };
}
