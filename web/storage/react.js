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
  const refused = useObserved(work.refused);
  const undoable = useObserved(work.undoable);
  const stuck = useObserved(storage.stuck);
  const verbs = useMemo(
    () => ({
      restoreSession: storage.session.restore,
      updateToolState: work.update,
      saveCurrentProject: storage.whenStored,
      saveAsGlobalObject: work.promote,
      openProject: work.open,
      newProject: work.startNew,
      undo: work.undo,
      redo: work.redo,
      chooseConflict: work.choose,
      settleStuck: storage.settle,
    }),
    [storage, work],
  );
  return { state, project: project.kind === 'project' ? project : null, status, conflicts, refused, undoable, stuck, ...verbs };
}

/** @template T @param {Observed<T>} observed */
const useObserved = (observed) => useSyncExternalStore(observed.subscribe, observed.get);
