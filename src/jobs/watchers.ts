/** Who wants to hear about which job: every change of state, progress at most ten times a second. */
import type { Clock } from '../contract/ports.js';

const MIN_PROGRESS_GAP_MS = 100;

type Listener<View> = (view: View) => void;

export interface Watchers<View> {
  /** Returns the unsubscriber. */
  add(id: string, listener: Listener<View>): () => void;
  /** True when anything is watched at all. */
  any(): boolean;
  /** True when somebody watches: making a view for nobody costs. */
  has(id: string): boolean;
  /** A change of state: always told. `last` ends the watching. */
  state(view: View, last: boolean): void;
  /** Progress: `view` is made only when it will be told. */
  progress(id: string, view: () => View): void;
}

/** A listener that throws is dropped: one broken watcher must not stop a job or the other watchers. */
export function createWatchers<View extends { readonly id: string }>(clock: Clock): Watchers<View> {
  const watched = new Map<string, { listeners: Set<Listener<View>>; lastMs: number }>();
  const tell = (id: string, view: View): void => {
    const entry = watched.get(id);
    if (!entry) return;
    entry.lastMs = clock.monotonicMs();
    for (const listener of [...entry.listeners]) {
      try {
        listener(view);
      } catch {
        entry.listeners.delete(listener);
      }
    }
  };
  return {
    add(id, listener) {
      // A wrapper of its own, so that one function may watch twice and leave once.
      const own: Listener<View> = (view) => listener(view);
      let entry = watched.get(id);
      if (!entry) watched.set(id, (entry = { listeners: new Set(), lastMs: -Infinity }));
      entry.listeners.add(own);
      return () => {
        entry.listeners.delete(own);
        if (entry.listeners.size === 0 && watched.get(id) === entry) watched.delete(id);
      };
    },
    any: () => watched.size > 0,
    has: (id) => watched.has(id),
    state(view, last) {
      tell(view.id, view);
      if (last) watched.delete(view.id);
    },
    progress(id, view) {
      const entry = watched.get(id);
      if (entry && clock.monotonicMs() - entry.lastMs >= MIN_PROGRESS_GAP_MS) tell(id, view());
    },
  };
}
