export const NAMES = ['Ida Sommer', 'Ruben Vale'];

export type Spoken = readonly [speaker: number, line: string];

/** Made up: a text worth reading, for the pictures. */
export const INTERVIEW: readonly Spoken[] = [
  [0, 'You once said that a library is a building for one reader at a time. What did you mean by that?'],
  [1, 'That the building should disappear. Whoever opens a book wants quiet, and a chair, and light.'],
  [1, 'Everything else we draw is for the people who paid for it.'],
  [0, 'And yet this one is two hundred metres long.'],
  [1, 'It is long so that it can be narrow. Nobody sits more than five metres from a window.'],
  [1, 'We measured the light on every desk, in every month of the year, before we drew a single wall.'],
  [0, 'Who asked for that?'],
  [1, 'Nobody. But at four in the afternoon in November you will see why we did it.'],
  [0, 'Let us talk about the reading room. It has no signs that ask for silence.'],
  [1, 'It does not need them. When a room is quiet, people lower their voices by themselves.'],
];
