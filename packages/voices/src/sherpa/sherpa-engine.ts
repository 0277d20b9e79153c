import { readFile } from 'node:fs/promises';
import { type OfferedVoice, SottoError, type VoiceMix } from '@sotto/contracts';
import { parseBlend } from '../blend.ts';
import { withoutSilentEdges } from '../edges.ts';
import type { SpeechEngine, SpokenPiece } from '../engine.ts';
import { type InstalledModel, verifyVoice } from '../install/installed-voice.ts';
import { type VoiceSpace, voiceSpace } from '../matching/voice-space.ts';
import { checkPiece, hasSpeech, plainText } from '../piece.ts';
import { Turns } from '../turns.ts';
import { BlendPlaces } from './blend-places.ts';
import { EngineProcess } from './engine-process.ts';
import type { ProcessSetup, Reference } from './protocol.ts';
import { PACK_BYTES } from './voices-file.ts';

/** What an engine of sherpa-onnx is, apart from what it is installed as. */
export interface SherpaModel {
  name: string;
  model: string;
  isDeterministic: boolean;
  usualRtfx: number;
  /** See SpeechEngine. */
  longestSeconds: number;
  voices: readonly OfferedVoice[];
  /** Places after those of the voices that are there for blends. */
  blendPlaces: number;
  /** Our code of a language -> the model's; null: it has one. */
  languages: Readonly<Record<string, string>> | null;
}

export interface SherpaPlaces {
  installed: InstalledModel;
  /** Of the runtime, as `ProcessSetup` has it. */
  package: string;
  config: ProcessSetup['model'];
  /** null: the model has one voice. */
  voicesFile: string | null;
  threads: number;
  /** Voice -> the recording that it is; absent: the model has voices of its own. */
  references?: ReadonlyMap<string, Reference>;
}

/**
 * A model that sherpa-onnx runs, in a process of its own: none before something is to be said, and a new one after it died. It speaks one
 * piece at a time. A blend that is asked for the first time is loaded by starting the process again (1 s).
 */
export class SherpaEngine implements SpeechEngine {
  readonly name: string;
  readonly model: string;
  readonly digest: string;
  readonly sampleRateHz: number;
  readonly isDeterministic: boolean;
  readonly canBlend: boolean;
  readonly usualRtfx: number;
  readonly longestSeconds: number;
  readonly #kind: SherpaModel;
  readonly #places: SherpaPlaces;
  readonly #blends: BlendPlaces;
  readonly #turns = new Turns();
  readonly #closed = new AbortController();
  #process: EngineProcess | null = null;
  #requests = 0;

  constructor(kind: SherpaModel, places: SherpaPlaces) {
    this.name = kind.name;
    this.model = kind.model;
    this.digest = places.installed.digest;
    this.sampleRateHz = places.installed.sampleRateHz;
    this.isDeterministic = kind.isDeterministic;
    this.canBlend = kind.blendPlaces > 0;
    this.usualRtfx = kind.usualRtfx;
    this.longestSeconds = kind.longestSeconds;
    this.#kind = kind;
    this.#places = places;
    this.#blends = new BlendPlaces(places.installed.voices, kind.blendPlaces);
  }

  voices(): readonly OfferedVoice[] {
    return this.#kind.voices;
  }

  /** Of the process that speaks, when there is one. */
  get pid(): number | undefined {
    return this.#process?.isAlive ? this.#process.pid : undefined;
  }

  async speak(piece: SpokenPiece, signal: AbortSignal): Promise<Int16Array> {
    checkPiece(piece, piece.mix ? this.#mixed(piece.voice, piece.mix) : this.#voiceOf(piece.voice));
    const either = AbortSignal.any([signal, this.#closed.signal]);
    either.throwIfAborted();
    if (!hasSpeech(piece.text)) return new Int16Array(0);
    return this.#turns.take(() => this.#speakNow(piece, either), either);
  }

  /** Loads several mixes at once, as many as there are places for them: one start of the process instead of one for each. */
  async prepare(mixes: ReadonlyMap<string, VoiceMix>): Promise<void> {
    await this.#turns.take(async () => {
      const places = [...mixes].map(([name, mix]) => this.#blends.placeOf(name, mix));
      if (places.some(({ isNew }) => isNew)) await this.#process?.kill();
    }, this.#closed.signal);
  }

  /** How its voices differ. @throws SottoError `speech_failed` for a model of one voice */
  async space(directions: number): Promise<VoiceSpace> {
    const { voicesFile, installed } = this.#places;
    if (voicesFile === null) throw new SottoError('speech_failed', `${this.name} has one voice.`);
    const bytes = await readFile(voicesFile);
    const floats = (PACK_BYTES / 4) * installed.voices.length;
    return voiceSpace(new Float32Array(new Uint8Array(bytes).buffer, 0, floats), installed.voices, directions);
  }

  async close(): Promise<void> {
    this.#closed.abort(new SottoError('shutting_down', 'The voices are being closed.'));
    await this.#process?.kill();
    await this.#turns.end();
    await this.#process?.kill();
  }

  /** A blend speaks what its first voice does. */
  #voiceOf(id: string): OfferedVoice | undefined {
    const own = this.#kind.voices.find((voice) => voice.id === id);
    if (own || !this.canBlend || !id.includes('+')) return own;
    const parts = parseBlend(id).map((part) => this.#kind.voices.find((voice) => voice.id === part.voice));
    return parts.every((part) => part !== undefined) ? parts[0] : undefined;
  }

  /** A mix speaks what the engine does; of voices that this engine does not have, there is none. */
  #mixed(id: string, mix: VoiceMix): OfferedVoice | undefined {
    const known = this.#places.installed.voices;
    const [first] = this.#kind.voices;
    if (!(this.canBlend && first && mix.every(({ voice }) => known.includes(voice)))) return undefined;
    return { ...first, id, name: id, kind: 'blend' };
  }

  async #speakNow({ text, voice, mix, language, speed }: SpokenPiece, signal: AbortSignal): Promise<Int16Array> {
    const { place, isNew } = this.#blends.placeOf(voice, mix);
    const engine = await this.#running(isNew);
    signal.throwIfAborted();
    this.#requests += 1;
    const code = this.#kind.languages?.[language] ?? null;
    const reference = this.#places.references?.get(voice);
    const common = { id: this.#requests, text: plainText(text), place, speed, language: code };
    const request = { ...common, ...(reference && { reference }) };
    const { samples, sampleRateHz } = await engine.speak(request, signal);
    if (sampleRateHz === this.sampleRateHz) return withoutSilentEdges(samples, sampleRateHz);
    throw new SottoError('speech_failed', `The voice spoke at ${sampleRateHz} Hz instead of ${this.sampleRateHz}.`);
  }

  async #running(hasNewBlend: boolean): Promise<EngineProcess> {
    if (hasNewBlend) await this.#process?.kill();
    if (this.#process?.isAlive) return this.#process;
    // The loader ends the process without a word when a file is not as it should be.
    await verifyVoice(this.#places.installed);
    const { package: runtime, config, voicesFile, threads } = this.#places;
    const blends = this.#blends.packs();
    this.#process = await EngineProcess.start({ package: runtime, model: config, threads, voicesFile, blends });
    return this.#process;
  }
}
