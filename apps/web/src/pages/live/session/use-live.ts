import { useSyncExternalStore } from 'react';
import type { LiveSession, LiveState } from './live-session.ts';

export const useLive = (session: LiveSession): LiveState => useSyncExternalStore(session.subscribe, session.current);
