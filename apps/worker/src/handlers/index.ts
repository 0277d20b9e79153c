import type {
  ApiKeys,
  Extras,
  Handlers,
  Matchings,
  OwnVoices,
  Runs,
  SpokenText,
  SpokenWords,
  Sweeper,
  Voices,
  Windows,
} from '@sotto/queue';
import type { Manifests } from '@sotto/storage';
import type { Engine } from '../models/engine.ts';
import type { ModelDirectory } from '../models/model-directory.ts';
import type { OutboxReaders } from '../outbox/outbox-readers.ts';
import type { Cleaner } from '../runs/cleaner.ts';
import type { PrepareDeps } from '../runs/decode-to-storage.ts';
import type { SpeakerModel } from '../speakers/speaker-model.ts';
import type { PieceCache } from '../synthesis/kept/piece-cache.ts';
import type { FleetVoices } from '../synthesis/resolve-here.ts';
import type { VoiceBox } from '../synthesis/voice-box.ts';
import type { WordTimes } from '../synthesis/words/word-times.ts';
import { type DeliverDeps, deliverWebhookHandler } from '../webhooks/deliver.ts';
import { detectHandler } from './detect.ts';
import { detectLanguageHandler } from './detect-language.ts';
import { hearVoiceHandler } from './hear-voice.ts';
import { matchVoiceHandler } from './match-voice.ts';
import { pieceHandler } from './piece.ts';
import { prepareHandler } from './prepare.ts';
import { speakHandler } from './speak.ts';
import { speakersHandler } from './speakers.ts';
import { sweepHandler } from './sweep.ts';
import { tracedHandlers } from './traced.ts';
import { transcribeHandler } from './transcribe.ts';
import { windowHandler } from './window.ts';
import { wordTimesHandler } from './word-times.ts';

export interface HandlerDeps extends PrepareDeps, FleetVoices {
  runs: Runs;
  windows: Windows;
  spokenText: SpokenText;
  matchings: Matchings;
  ownVoices: OwnVoices;
  extras: Extras;
  voices: Pick<Voices, 'named'>;
  speakerModel: SpeakerModel;
  speakerThreads: number;
  modelDir: string;
  models: ModelDirectory;
  sweeper: Sweeper;
  cleaner: Pick<Cleaner, 'ended' | 'clean'>;
  manifests: Manifests;
  leftoverAgeMs: number;
  keepMs: number;
  deliveries: DeliverDeps;
  outbox: Pick<OutboxReaders, 'wake'>;
  apiKeys: Pick<ApiKeys, 'list'>;
  /** null: this process does not have the role `transcribe`, and takes no jobs that need the engine. */
  engine: Engine | null;
  pieceCache: PieceCache;
  /** null: it does not speak, and takes no texts. */
  voiceBox: VoiceBox | null;
  spokenWords: SpokenWords;
  wordTimes: WordTimes;
}

export function buildHandlers(deps: HandlerDeps): Handlers {
  const needsEngine = async (): Promise<never> => {
    throw new Error('a worker without an engine got a job that needs one');
  };
  const { engine, voiceBox } = deps;
  return tracedHandlers({
    transcribe: transcribeHandler(deps),
    detect: detectHandler(deps),
    'hear-voice': hearVoiceHandler(deps),
    prepare: prepareHandler(deps),
    speakers: speakersHandler(deps),
    window: engine === null ? needsEngine : windowHandler({ ...deps, engine }),
    'detect-language': engine === null ? needsEngine : detectLanguageHandler({ ...deps, engine }),
    speak: voiceBox === null ? needsEngine : speakHandler({ ...deps, voiceBox }),
    piece: voiceBox === null ? needsEngine : pieceHandler({ ...deps, voiceBox }),
    'word-times': engine === null ? needsEngine : wordTimesHandler(deps),
    'match-voice': voiceBox === null ? needsEngine : matchVoiceHandler({ ...deps, voiceBox }),
    'deliver-webhook': deliverWebhookHandler(deps.deliveries),
    sweep: sweepHandler(deps),
  });
}
