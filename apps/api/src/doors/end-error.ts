import { type LiveEnd, SottoError } from '@sotto/contracts';

/** Why a session is over, as its client is told; null: the client has ended it. */
export function endError(by: LiveEnd): SottoError | null {
  switch (by) {
    case 'client':
      return null;
    case 'quota':
      return new SottoError('quota_exceeded', 'The session is over.');
    case 'failed':
      return new SottoError('transcription_failed', 'The audio could not be heard.');
    case 'idle':
      return new SottoError('live_session_over', 'Nothing was sent for too long.');
    case 'too_long':
      return new SottoError('live_session_over', 'It has lasted for as long as a session may.');
  }
}
