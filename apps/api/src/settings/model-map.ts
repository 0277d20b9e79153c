import { canonicalModelName } from '@sotto/contracts';

/** A name that clients use -> a model of this service, or null for its current one. */
export type ModelMap = ReadonlyMap<string, string | null>;

/** What OpenAI calls the model that also tells who speaks. */
export const DIARIZING_MODEL = 'gpt-4o-transcribe-diarize';

/** What OpenAI calls its models for recordings; dated versions of them count as the same. */
const OPENAI_NAMES = ['whisper-1', 'gpt-4o-transcribe', 'gpt-4o-mini-transcribe', DIARIZING_MODEL];

const CURRENT = 'auto';
const DATE = /-\d{4}-\d{2}-\d{2}$/;

/**
 * The operator's table over the default one, in which every name of OpenAI's means the current model.
 *
 * @param text `whisper-1=large-v3,gpt-4o-transcribe=auto` or the same as a JSON object.
 * @throws Error that says what is wrong with it.
 */
export function parseModelMap(text: string): ModelMap {
  const rows = text.trim().startsWith('{') ? jsonRows(text) : listRows(text);
  const map = new Map<string, string | null>(OPENAI_NAMES.map((name) => [name, null]));
  for (const [name, model] of rows) {
    map.set(name.trim().toLowerCase(), model === null || model.toLowerCase() === CURRENT ? null : model);
  }
  return map;
}

type Row = readonly [name: string, model: string | null];

function jsonRows(text: string): Row[] {
  const rows = Object.entries(JSON.parse(text) as Record<string, unknown>);
  return rows.map(([name, model]) => {
    if (model === null || (typeof model === 'string' && model.trim() !== '')) return [name, model?.trim() ?? null];
    throw new Error(`${name} must be a model's name, "${CURRENT}" or null`);
  });
}

function listRows(text: string): Row[] {
  const items = text.split(',').filter((item) => item.trim() !== '');
  return items.map((item) => {
    const [name = '', model = '', ...rest] = item.split('=').map((part) => part.trim());
    if (name === '' || model === '' || rest.length > 0) throw new Error(`"${item.trim()}" is not name=model`);
    return [name, model];
  });
}

/** Whether that model is meant, in whatever version. */
export const isDiarizing = (asked: string): boolean => asked.trim().toLowerCase().replace(DATE, '') === DIARIZING_MODEL;

/** The local model an OpenAI client asks for; names that are not in the table are taken for local ones. */
export function localModel(asked: string, map: ModelMap): string | null {
  const name = asked.trim().toLowerCase();
  const key = [name, name.replace(DATE, '')].find((candidate) => map.has(candidate));
  return key === undefined ? canonicalModelName(asked) : (map.get(key) ?? null);
}
