export type { SpeakerHints } from './cluster/voices.ts';
export { type Diarization, diarize } from './diarize.ts';
export { type HearOptions, hearPiece } from './hear/hear-piece.ts';
export { type Heard, type HeardPiece, joinPieces } from './hear/heard.ts';
export { PIECE_OPTIONS, type Piece, type PieceOptions, planRecording, type RecordingPlan } from './hear/pieces.ts';
export type { Networks } from './networks.ts';
export { type DiarizationErrors, diarizationErrors, errorRate, type NamedTurn } from './score/der.ts';
export { readRttm, toRttm } from './score/rttm.ts';
export type { Turn } from './turns/turn.ts';
