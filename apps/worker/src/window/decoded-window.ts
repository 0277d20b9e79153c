import { deflateSync } from 'node:zlib';
import type { DecodedWindow } from '@sotto/transcript';
import type { WindowTranscript } from '@sotto/whisper';

/** The engine's transcript of a window, in the form from which words are mapped onto the recording. */
export function decodedWindow(transcript: WindowTranscript): DecodedWindow {
  const { language, languageProbability, runnerUp, noSpeechProbability, temperature, decodeMs } = transcript;
  return {
    language,
    languageProbability,
    runnerUp,
    engineMs: decodeMs,
    segments: transcript.segments.map(({ startMs, endMs, tokens, avgLogProbability }) => {
      return { startMs, endMs, tokens, avgLogprob: avgLogProbability, noSpeechProb: noSpeechProbability, temperature };
    }),
  };
}

/** As openai/whisper has it: UTF-8 bytes over zlib bytes. */
export function compressionRatio(text: string): number {
  const bytes = Buffer.from(text, 'utf8');
  return bytes.length === 0 ? 0 : bytes.length / deflateSync(bytes).length;
}
