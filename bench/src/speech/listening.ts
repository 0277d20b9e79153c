/** A client that plays what it is sent as it comes. */
export interface Listened {
  /** From the request to the first sound. */
  firstMs: number;
  /** How long it was silent because the next sound was not there yet. */
  silentMs: number;
  gaps: number;
  audioSeconds: number;
}

/** `pcm`: 24 kHz, 16 bits. */
const BYTES_PER_MS = 48;
/** Shorter silences nobody hears. */
const HEARD_MS = 20;

/** Has a text spoken, and listens to it from its first sound on. @throws Error where it is refused */
export async function listen(url: string, text: string, voice: string): Promise<Listened> {
  const askedMs = performance.now();
  const response = await fetch(`${url}/speak`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text, voice, response_format: 'pcm', cache: false }),
  });
  if (response.status !== 200 || response.body === null) throw new Error(await response.text());
  let firstMs: number | null = null;
  let playedUntilMs = 0;
  const listened = { silentMs: 0, gaps: 0, audioSeconds: 0 };
  for await (const bytes of response.body as AsyncIterable<Uint8Array>) {
    const nowMs = performance.now() - askedMs;
    firstMs ??= nowMs;
    const silentMs = playedUntilMs === 0 ? 0 : Math.max(0, nowMs - playedUntilMs);
    if (silentMs > HEARD_MS) {
      listened.gaps += 1;
      listened.silentMs += silentMs;
    }
    playedUntilMs = Math.max(playedUntilMs, nowMs) + bytes.length / BYTES_PER_MS;
    listened.audioSeconds += bytes.length / BYTES_PER_MS / 1_000;
  }
  return { firstMs: firstMs ?? Number.NaN, ...listened };
}
