/** Begins like a film (MP4) and is none: it is accepted, and its job fails. */
export function brokenFilm(name: string): File {
  const head = Buffer.from('000000206674797069736f6d0000020069736f6d69736f32617663316d703431', 'hex');
  return new File([head, new Uint8Array(4_000)], name);
}
