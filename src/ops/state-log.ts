/** A line of the log for each change of what has no event of its own: nodes come and go, parts get worse. */
import type { Journal, NodeView } from '../contract/ports.js';
import type { Health, Reason } from './health.js';

/** To be called with all nodes whenever one joined or is gone. */
export function createNodeLog(journal: Journal): (nodes: readonly NodeView[]) => void {
  let known = new Map<string, NodeView>();
  return (nodes) => {
    const now = new Map(nodes.map((node) => [node.id, node]));
    for (const { id, host, threads } of nodes)
      if (!known.has(id)) journal.info({ nodeId: id, host, threads }, 'node joined');
    for (const { id, host, threads } of known.values())
      if (!now.has(id)) journal.info({ nodeId: id, host, threads }, 'node gone');
    known = now;
  };
}

/** Looks once a second, so that what goes on and off faster than that is one line; returns what ends it. */
export function startHealthLog(health: Health, journal: Journal, everyMs = 1_000): () => void {
  let known = new Map<string, Reason & { readonly fatal: boolean }>();
  const look = (): void => {
    const { reasons, degraded } = health.ready();
    const now = new Map(
      [
        ...reasons.map((one) => ({ ...one, fatal: true })),
        ...degraded.map((one) => ({ ...one, fatal: false })),
      ].map((one) => [`${one.component} ${one.fatal}`, one]),
    );
    for (const [name, { component, reason, fatal }] of now)
      if (!known.has(name)) journal.warn({ component, reason }, fatal ? 'not ready' : 'degraded');
    for (const [name, { component, fatal }] of known)
      if (!now.has(name)) journal.info({ component }, fatal ? 'ready again' : 'no longer degraded');
    known = now;
  };
  const timer = setInterval(look, everyMs).unref();
  return () => clearInterval(timer);
}
