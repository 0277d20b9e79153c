import type { ClaimedSession, LiveSessions } from '@sotto/queue';
import { SAMPLES_PER_MS } from '../media/pcm.ts';
import type { HearingDeps } from './hearing.ts';
import { SessionAudio } from './session-audio.ts';

/**
 * Closes a session that nobody can hear, and stores what was said in it and is not stored yet.
 *
 * @returns whether anything is stored of it; false where it was not to be
 */
export async function recordRest(
  session: ClaimedSession,
  signal: AbortSignal,
  { sessions, recorder: recorderOf }: Pick<HearingDeps, 'recorder'> & { sessions: LiveSessions },
): Promise<boolean> {
  const recorder = recorderOf(session, signal);
  if (recorder === null) return false;
  await sessions.close(session.id, 'failed');
  let atMs = recorder.storedMs;
  const audio = new SessionAudio(session.format, atMs);
  const take = (pcm: Int16Array) => {
    recorder.push(atMs, pcm);
    atMs += pcm.length / SAMPLES_PER_MS;
  };
  const inputs = sessions.audio(session.id, audio.at);
  for (let page = await inputs.next(); page.length > 0; page = await inputs.next()) {
    for (const input of page) if (input.type === 'audio') take(audio.push(input.at, input.bytes));
  }
  take(audio.flush());
  await recorder.finish();
  return recorder.hasAudio;
}
