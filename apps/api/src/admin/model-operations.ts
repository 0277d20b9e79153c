import {
  canonicalModelName,
  enginesOf,
  KNOWN_MODELS,
  type ModelOperation,
  type ModelOperationKind,
  modelFacts,
  SottoError,
  toWireModelOperation,
  type WireModelOperation,
  type WireModelOperationList,
  wireModelOperationListSchema,
  wireModelOperationSchema,
} from '@sotto/contracts';
import type { ModelOperations, ModelWishes } from '@sotto/queue';
import { resolveModel } from '../fleet/resolve.ts';
import { currentModelName, type Fleet, type WorkerDirectory } from '../fleet/worker-directory.ts';
import type { Answer } from '../http/description.ts';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import type { ApiSettings } from '../settings/settings.ts';
import { modelParams } from './model-params.ts';

export interface ModelOperationDeps {
  directory: WorkerDirectory;
  modelWishes: ModelWishes;
  modelOperations: ModelOperations;
  settings: Pick<ApiSettings, 'defaultModel'>;
}

const accepted: Answer = {
  description: 'Workers do it within seconds; the list of operations tells how far they are.',
  content: { 'application/json': wireModelOperationSchema },
};

/** Files of models: workers do it, each in its own folder. The API has neither models nor a way to their folders. */
export function modelOperationEndpoints(deps: ModelOperationDeps): Endpoint[] {
  const begin = async (kind: ModelOperationKind, model: string): Promise<WireModelOperation> => {
    const [operation, fleet] = await Promise.all([
      deps.modelOperations.begin(kind, model, Date.now()),
      deps.directory.freshFleet(),
    ]);
    return view(operation, fleet, deps);
  };
  return [
    endpoint({
      method: 'get',
      path: '/admin/model-operations',
      tag: 'admin',
      access: 'admin',
      summary: 'List what is being done with models',
      description: 'The last operation on each model, of the last day, with the progress of every worker.',
      answers: {
        200: { description: 'The operations.', content: { 'application/json': wireModelOperationListSchema } },
      },
      errors: ['queue_unavailable'],
      handle: async ({ response }) => {
        const [operations, fleet] = await Promise.all([deps.modelOperations.list(), deps.directory.freshFleet()]);
        const body: WireModelOperationList = {
          operations: await Promise.all(operations.map((operation) => view(operation, fleet, deps))),
        };
        response.set('Cache-Control', 'no-store').json(body);
      },
    }),
    endpoint({
      method: 'post',
      path: '/admin/models/{id}/install',
      tag: 'admin',
      access: 'admin',
      params: modelParams,
      summary: 'Install a model of the catalogue',
      description:
        'Every worker that has models fetches it into its folder; those that share one fetch it once. A worker that starts within a day does it too.',
      answers: { 202: accepted },
      errors: ['model_not_available', 'queue_unavailable'],
      handle: async ({ params: { id }, response }) => {
        response.status(202).json(await begin('install', catalogueName(id)));
      },
    }),
    endpoint({
      method: 'post',
      path: '/admin/models/{id}/verify',
      tag: 'admin',
      access: 'admin',
      params: modelParams,
      summary: 'Verify a model',
      description: 'Every worker reads its file to the last byte and compares it with the catalogue.',
      answers: { 202: accepted },
      errors: ['model_not_available', 'queue_unavailable'],
      handle: async ({ params: { id }, response }) => {
        response.status(202).json(await begin('verify', await installedName(id, deps)));
      },
    }),
    endpoint({
      method: 'delete',
      path: '/admin/models/{id}',
      tag: 'admin',
      access: 'admin',
      params: modelParams,
      summary: 'Remove a model',
      description: 'Refused while it is the default, preloaded, or needed by jobs that have not ended.',
      answers: { 202: accepted },
      errors: ['model_not_available', 'model_in_use', 'queue_unavailable'],
      handle: async ({ params: { id }, response }) => {
        const name = await installedName(id, deps);
        await mustBeUnused(name, deps);
        response.status(202).json(await begin('remove', name));
      },
    }),
  ];
}

/** @throws SottoError `model_not_available`: no other name reaches a worker, or the name of a file */
function catalogueName(id: string): string {
  const name = canonicalModelName(id);
  if (modelFacts(name) !== null) return name;
  const models = Object.keys(KNOWN_MODELS);
  throw new SottoError('model_not_available', `The catalogue has no such model. It has: ${models.join(', ')}.`, {
    fields: { models },
  });
}

/** @throws SottoError `model_not_available` with those that are installed */
async function installedName(id: string, { directory }: ModelOperationDeps): Promise<string> {
  const fleet = await directory.freshFleet();
  const { name } = resolveModel({ model: id }, fleet, null);
  const found = fleet.models.find((model) => model.name === name);
  if (found !== undefined) return found.name;
  throw new SottoError('model_not_available', 'No worker has reported this model.');
}

async function mustBeUnused(name: string, deps: ModelOperationDeps): Promise<void> {
  const { directory, modelWishes, modelOperations, settings } = deps;
  const [fleet, { defaultModel, preloaded }, isNeeded] = await Promise.all([
    directory.freshFleet(),
    modelWishes.read(),
    modelOperations.isNeeded(name),
  ]);
  const defaults = enginesOf(fleet.workers, 'transcribe').map((engine) => engine.defaultModel);
  if ([...defaults, defaultModel, currentModelName(fleet, settings.defaultModel)].includes(name)) {
    throw new SottoError('model_in_use', 'It is the default model.');
  }
  if (preloaded.includes(name)) throw new SottoError('model_in_use', 'It is preloaded.');
  if (isNeeded) throw new SottoError('model_in_use', 'Jobs that have not ended need it.');
}

async function view(
  operation: ModelOperation,
  { workers }: Fleet,
  { modelOperations }: Pick<ModelOperationDeps, 'modelOperations'>,
): Promise<WireModelOperation> {
  const ids = workers.filter(({ roles }) => roles.includes('transcribe')).map(({ workerId }) => workerId);
  return toWireModelOperation(operation, await modelOperations.reports(operation), ids);
}
