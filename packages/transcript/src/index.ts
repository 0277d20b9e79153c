export { type AssembleMeta, assemble } from './assemble.ts';
export { assembleChannels } from './assemble-channels.ts';
export type { Cue } from './captions/cue.ts';
export { shapeCues, wordCues } from './captions/cues.ts';
export { paragraphs, sentences, textOf } from './captions/sentences.ts';
export { transcriptWords } from './captions/transcript-words.ts';
export { type JoinerState, joinTexts, TextJoiner } from './join-texts.ts';
export { applyEdit, atRevision, replay } from './journal/apply.ts';
export type { EditedSegment, EditedSpeaker } from './journal/edited-segment.ts';
export {
  canRedo,
  canUndo,
  type EditedTranscript,
  findSegment,
  segmentsOf,
  unedited,
  uneditedOf,
} from './journal/edited-transcript.ts';
export { type MergedEdits, mergeEdits } from './journal/merge-edits.ts';
export { textChange } from './journal/text-change.ts';
export { editedTranscript, toTranscript } from './journal/to-transcript.ts';
export {
  fromWireSegment,
  fromWireSpeakers,
  fromWireUnedited,
  type SegmentRange,
  toWireEdited,
  toWireEditsMade,
} from './journal/wire.ts';
export { type DecodedSegment, type DecodedWindow, type MapWindowOptions, mapWindow } from './map-window.ts';
export { spansMs, toRecordingMs } from './recording-time.ts';
export { type BodyOf, FORMATS, type Rendered, renderTranscript } from './render/index.ts';
export type { RenderOptions } from './render/rendered.ts';
export { respell } from './respell.ts';
export { type Found, hasTerms, type Match, type SearchOptions, searchTranscript } from './search/search.ts';
export { nameOf as speakerName } from './speakers/name-of.ts';
export { withSpeakerNames } from './speakers/with-speaker-names.ts';
export { withSpeakers } from './speakers/with-speakers.ts';
export { type TimedToken, tokensText } from './token-text.ts';
export { toWireTranscript, toWireVerbose, type WireOptions } from './wire.ts';
export { worded } from './wording/wording.ts';
export { buildWords } from './words.ts';
