import { normalise } from '../../normalise/normalise.ts';
import { rulesFor } from '../../normalise/rules.ts';
import { saidPhonemes } from '../../pronounce/phonemes.ts';
import { type ScriptBuilder, USUAL_MANNER } from '../../script/build.ts';
import { oneLine } from '../../script/clean.ts';
import { PAUSES } from '../../script/pauses.ts';
import type { Manner } from '../../script/script.ts';
import { Line } from '../line.ts';
import { broken, type Place, parseSsml } from './parse.ts';
import { saidAs } from './say-as.ts';
import { breakMs, languageTag, rateFactor } from './values.ts';

type Attributes = Readonly<Record<string, string>>;

interface OpenElement {
  name: string;
  attributes: Attributes;
  manner: Manner;
  /** What is written in an element that is said in another way, while it is open. */
  instead: string | null;
}

/** Silence after what these hold. */
const BLOCKS: ReadonlyMap<string, number> = new Map([
  ['speak', PAUSES.paragraph],
  ['p', PAUSES.paragraph],
  ['s', PAUSES.sentence],
]);

const SAID_OTHERWISE = new Set(['say-as', 'sub', 'phoneme']);

const SPEEDS = { least: 0.25, most: 4 };

/** Reads SSML into a script: the elements that docs/spoken-text.md lists; of all others, what they hold is read. */
export class SsmlReader {
  readonly #builder: ScriptBuilder;
  readonly #language: string;
  readonly #line = new Line();
  readonly #open: OpenElement[] = [];

  constructor(builder: ScriptBuilder, language: string) {
    this.#builder = builder;
    this.#language = language;
  }

  /** @throws SottoError invalid_parameter: broken or unknown markup, with line and column */
  read(text: string): void {
    parseSsml(text, {
      open: (name, attributes, place) => this.#begin(name, attributes, place),
      text: (written) => this.#write(written),
      close: (name) => this.#end(name),
    });
  }

  #begin(name: string, attributes: Attributes, place: Place): void {
    if (this.#open.length === 0 && name !== 'speak') throw broken('the outermost element must be speak', place);
    if (BLOCKS.has(name)) this.#flush(PAUSES.sentence);
    if (name === 'break') this.#break(attributes, place);
    const manner = this.#manner(name, attributes, place);
    const isInstead = SAID_OTHERWISE.has(name) || (this.#current?.instead ?? null) !== null;
    this.#open.push({ name, attributes, manner, instead: isInstead ? '' : null });
  }

  #write(written: string): void {
    const element = this.#current;
    if (!element) return;
    if (element.instead !== null) element.instead += written;
    else this.#line.add(written, element.manner);
  }

  #end(name: string): void {
    const element = this.#open.pop();
    if (element && element.instead !== null) this.#sayInstead(element, element.instead);
    const pauseMs = BLOCKS.get(name);
    if (pauseMs === undefined) return;
    this.#flush(pauseMs);
    this.#builder.pauseAtLeast(pauseMs);
  }

  /** In an element that is itself said otherwise, only what is written counts. */
  #sayInstead(element: OpenElement, written: string): void {
    const outer = this.#current;
    if (outer && outer.instead !== null) outer.instead += written;
    else this.#line.add(written, element.manner, this.#spokenOf(element, oneLine(written)));
  }

  #spokenOf({ name, attributes, manner }: OpenElement, written: string): string | null {
    const language = manner.language ?? this.#language;
    if (name === 'say-as') return saidAs(attributes['interpret-as'] ?? '', written, language, attributes.format);
    if (name === 'sub') return this.#alias(attributes.alias ?? '', language);
    const ipa = /^ipa$/i.test(attributes.alphabet ?? 'ipa') ? (attributes.ph ?? '') : '';
    return saidPhonemes(ipa, language, (code, detail) => this.#builder.warn(code, detail));
  }

  #alias(alias: string, language: string): string | null {
    const spoken = normalise(oneLine(alias), rulesFor(language)).spoken.trim();
    return spoken === '' ? null : spoken;
  }

  #break(attributes: Attributes, place: Place): void {
    const ms = breakMs(attributes);
    if (ms === null) throw broken('break needs a time such as 500ms or 2s, or a strength', place);
    if (this.#line.isEmpty) this.#builder.pauseAtLeast(ms);
    else this.#flush(ms);
  }

  #flush(pauseMs: number): void {
    this.#builder.line(this.#line.take(), pauseMs);
  }

  /** That of the surrounding element itself where nothing changes, so that stretches stay whole. */
  #manner(name: string, attributes: Attributes, place: Place): Manner {
    let manner = this.#current?.manner ?? USUAL_MANNER;
    const tag = attributes['xml:lang'];
    if (tag !== undefined) manner = { ...manner, language: this.#tag(tag, place) };
    if (name === 'voice' && attributes.name) manner = { ...manner, voice: attributes.name };
    if (name === 'prosody') manner = this.#prosody(manner, attributes, place);
    return manner;
  }

  #tag(tag: string, place: Place): string {
    const language = languageTag(tag);
    if (language === null) throw broken(`xml:lang "${tag}" is no language`, place);
    return language;
  }

  #prosody(manner: Manner, { rate, ...others }: Attributes, place: Place): Manner {
    if (Object.keys(others).some((name) => name !== 'xml:lang')) {
      this.#builder.warn('prosody_not_used', 'Of prosody, only the rate is followed.');
    }
    if (rate === undefined) return manner;
    const factor = rateFactor(rate);
    if (factor === null) throw broken('prosody needs a rate such as slow, 120% or -10%', place);
    return { ...manner, speed: Math.min(SPEEDS.most, Math.max(SPEEDS.least, manner.speed * factor)) };
  }

  get #current(): OpenElement | undefined {
    return this.#open.at(-1);
  }
}
