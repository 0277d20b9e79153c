import { type RefObject, useEffect, useMemo, useRef } from 'react';
import type { LineActions } from './lines/actions.ts';

/** Lines are drawn again only when something about them changes: these actions never do. */
export function useStableActions(actions: LineActions): LineActions {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  return useMemo(() => stable(latest), []);
}

function stable(latest: RefObject<LineActions>): LineActions {
  return {
    hear: (...args) => latest.current.hear(...args),
    activate: (...args) => latest.current.activate(...args),
    startEditing: (...args) => latest.current.startEditing(...args),
    save: (...args) => latest.current.save(...args),
    stopEditing: (...args) => latest.current.stopEditing(...args),
    split: (...args) => latest.current.split(...args),
    mergeIntoPrevious: (...args) => latest.current.mergeIntoPrevious(...args),
    chooseSpeaker: (...args) => latest.current.chooseSpeaker(...args),
    restore: (...args) => latest.current.restore(...args),
  };
}
