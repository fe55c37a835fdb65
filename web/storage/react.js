/** The storage of one tool as a React hook. */
import { useMemo, useSyncExternalStore } from 'react';
/** @import {Observed, Storage, Tool} from './types' */

/** @param {Storage} storage @param {Tool} tool */
export function useGlobalSession(storage, tool) {
  const work = storage.work(tool);
  const state = useObserved(work.state);
  const project = useObserved(work.home);
  const status = useObserved(storage.status);
  const conflicts = useObserved(work.conflicts);
  const verbs = useMemo(
    () => ({
      restoreSession: storage.session.restore,
      updateToolState: work.update,
      saveCurrentProject: storage.whenStored,
      saveAsGlobalObject: work.promote,
      openProject: work.open,
      newProject: work.startNew,
    }),
    [storage, work],
  );
  return { state, project: project.kind === 'project' ? project : null, status, conflicts, ...verbs };
}

/** @template T @param {Observed<T>} observed */
const useObserved = (observed) => useSyncExternalStore(observed.subscribe, observed.get);
