import { DUB_FORMAT, isOwnVoice, type RunOf, type Warning } from '@sotto/contracts';
import { CATALOG, type OwnVoices, type SpeechPlan } from '@sotto/queue';
import { audioKeyOf, type BlobStore } from '@sotto/storage';
import type { ResolvedVoice } from '@sotto/voices';
import { planDub } from './dub/plan-dub.ts';
import { withOwnVoice, withVoicesWithin } from './own-voice.ts';
import { PieceVoices } from './piece-voices.ts';
import { type FleetVoices, resolveHere } from './resolve-here.ts';
import { cutPieces, type Piece } from './text/cut/pieces.ts';
import { Dictionary } from './text/pronounce/dictionary.ts';
import { readScript } from './text/reading/read-script.ts';
import type { Chapter, Script } from './text/script/script.ts';
import type { VoiceBox } from './voice-box.ts';

export interface PlanTextDeps extends FleetVoices {
  blobs: Pick<BlobStore, 'read'>;
  voiceBox: VoiceBox;
  ownVoices: Pick<OwnVoices, 'voice' | 'voices'>;
}

/**
 * Reads the text of a run, and decides what is said of it, piece by piece, and by whom.
 *
 * @throws Postponed where only other workers have the voice; SottoError `invalid_document`, `text_too_long`, `invalid_parameter`,
 *   `language_not_supported`, `model_not_available`, `voice_not_found`, `voice_not_ready`, what storage throws; the signal's reason
 */
export async function planText(run: RunOf<'speech'>, deps: PlanTextDeps, signal: AbortSignal): Promise<SpeechPlan> {
  const { id, upload, options } = run;
  const { engines } = deps.voiceBox;
  const bytes = Buffer.from(await deps.blobs.read(upload.blobKey));
  const offered = await withOwnVoice(run, engines, deps.ownVoices);
  const asked = { voice: options.voice, language: options.language ?? 'auto' };
  const usual = isOwnVoice(options.voice) ? offered.resolve(asked) : await resolveHere(asked, deps);
  const { language, voice } = usual;
  const engine = engines.engine(usual.engine);
  const { longestSeconds } = engine;
  const voicesOf = async (said: readonly Piece[]) =>
    new PieceVoices(options, usual, await withVoicesWithin(run, said, offered, deps.ownVoices));
  const { pronunciations = [] } = options;
  const common = {
    audioKey: audioKeyOf(id),
    engine: { name: engine.name, model: engine.model, digest: engine.digest },
    sampleRateHz: engine.sampleRateHz,
    voice,
    language,
  };
  if (options.textFormat === DUB_FORMAT) {
    const {
      pieces: said,
      characters,
      leastMs,
      video,
    } = planDub(new TextDecoder().decode(bytes), {
      language,
      longestSeconds,
      dictionary: new Dictionary(pronunciations),
    });
    const voices = await voicesOf(said);
    const pieces = said.map(({ slot, ...piece }) => ({ ...voices.of(piece), slot }));
    return {
      ...common,
      pieces,
      characters,
      leastMs,
      ...(video && { video }),
      chapters: [],
      warnings: [...voiceWarnings(usual), ...voices.warnings],
    };
  }
  const { maxCharacters = Number.POSITIVE_INFINITY } = upload;
  const script = await readScript(bytes, options.textFormat, { language, maxCharacters, pronunciations }, signal);
  const rtfx = isShort(script) ? deps.voiceBox.rtfxOf(engine) : engine.usualRtfx;
  const cut = cutPieces(script, { rtfx, language, speed: options.speed, longestSeconds });
  const voices = await voicesOf(cut);
  const pieces = cut.map((piece) => voices.of(piece));
  return {
    ...common,
    characters: script.characters,
    pieces,
    chapters: script.chapters.map((chapter) => ({ title: chapter.title, piece: firstPieceOf(chapter, cut) })),
    warnings: [...voiceWarnings(usual), ...script.warnings, ...voices.warnings],
  };
}

/**
 * Somebody waits for what is short, so it is cut by how fast the engine was lately. All others are cut the same each time,
 * by whatever worker: what is spoken again has the same pieces, and the same sound.
 */
const isShort = ({ characters }: Script): boolean => characters <= CATALOG.run('speech').lane.interactiveUpTo;

const firstPieceOf = ({ utterance }: Chapter, cut: readonly Piece[]): number =>
  Math.max(
    0,
    cut.findIndex((piece) => piece.utterance >= utterance),
  );

const voiceWarnings = ({ warning }: ResolvedVoice): Warning[] =>
  warning === null ? [] : [{ code: 'plain_voice', detail: warning }];
