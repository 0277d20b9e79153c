import { type EditedTranscript, segmentsOf } from '@sotto/transcript';

/** What is said, a paragraph for each turn, with who says it where that is known. */
export function plainText(transcript: EditedTranscript, nameOf: (speaker: number) => string): string {
  const kept = segmentsOf(transcript).filter(({ state }) => state === 'kept');
  if (transcript.speakers.length === 0) return kept.map(({ text }) => text.trim()).join('\n');
  const turns: { speaker: number | undefined; texts: string[] }[] = [];
  for (const { speaker, text } of kept) {
    const last = turns.at(-1);
    if (last !== undefined && last.speaker === speaker) last.texts.push(text.trim());
    else turns.push({ speaker, texts: [text.trim()] });
  }
  return turns
    .map(({ speaker, texts }) => `${speaker === undefined ? '' : `${nameOf(speaker)}: `}${texts.join(' ')}`)
    .join('\n\n');
}
