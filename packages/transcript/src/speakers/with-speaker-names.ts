import type { Transcript } from '@sotto/contracts';

/** A transcript whose speakers have names: by their number or, where they have one, by their channel. Others keep theirs. */
export function withSpeakerNames(transcript: Transcript, names: readonly string[]): Transcript {
  const { speakers } = transcript;
  if (speakers === undefined || names.length === 0) return transcript;
  return {
    ...transcript,
    speakers: speakers.map((speaker, number) => ({
      ...speaker,
      name: names[speaker.channel ?? number] ?? speaker.name,
    })),
  };
}
