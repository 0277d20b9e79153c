import { canonicalModelName } from '@sotto/contracts';
import { localModel, type ModelMap } from '../settings/model-map.ts';

const SUBJECTS = [
  'general',
  'meeting',
  'phonecall',
  'voicemail',
  'finance',
  'conversationalai',
  'video',
  'medical',
  'drivethru',
  'automotive',
  'atc',
].join('|');

/** `nova-3`, `nova-2-phonecall`, `enhanced-general`, `flux-general-en`; `base` alone is a model of Whisper here. */
const DEEPGRAM_NAMES = new RegExp(`^(?:nova|enhanced|flux)(?:-.*)?$|^(?:base-)?(?:${SUBJECTS})$|^whisper(?:-cloud)?$`);

/**
 * The local model that a client of Deepgram asks for; null: the current one. The operator's table goes first, then names of
 * Deepgram's own; all others are names of local models.
 */
export function modelNamed(asked: string | undefined, map: ModelMap): string | null {
  const name = asked?.trim().toLowerCase() ?? '';
  if (name === '') return null;
  if (map.has(name)) return localModel(name, map);
  if (DEEPGRAM_NAMES.test(name)) return null;
  return canonicalModelName(name.replace(/^whisper-/, ''));
}
