/** The package's own types lack file extensions and so do not resolve here; this is the part the tests use. */
declare module 'media-captions' {
  export interface VTTCue {
    startTime: number;
    endTime: number;
    text: string;
  }
  export type CaptionsFileFormat = 'vtt' | 'srt' | 'ssa' | 'ass';
  export function parseText(
    text: string,
    options: { type: CaptionsFileFormat; strict: boolean; errors: boolean },
  ): Promise<{ cues: VTTCue[]; errors: Error[] }>;
  export type VTTToken =
    | { type: 'text'; data: string }
    | { type: 'v'; voice: string; children: VTTToken[] }
    | { type: 'timestamp' | 'c' | 'i' | 'b'; time?: number; children: VTTToken[] };
  export function tokenizeVTTCue(cue: VTTCue): VTTToken[];
}
