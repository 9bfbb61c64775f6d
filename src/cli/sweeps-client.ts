/** The sweeps of a running service through the port that the hall has, so that a command runs on either. */
import { setTimeout as pause } from 'node:timers/promises';
import { unpackRows, type PackedRows } from '../contract/packed-rows.js';
import { MmsError } from '../contract/problem.js';
import type { Sweeps, SweepRow, SweepView } from '../contract/sweep.js';
import type { Client } from './client.js';

/** How often a sweep that is watched is asked for. */
const POLL_MS = 250;

type Answer = SweepView & { readonly links: unknown };
const viewOf = ({ links: _links, ...view }: Answer): SweepView => view;

/**
 * Calls that fail in passing are repeated by the client; a watch ends with the sweep, or tells `failed` why
 * it cannot go on.
 */
export function createSweepsClient(client: Client, failed: (error: unknown) => void): Sweeps {
  const at = (id: string): string => `/v1/sweeps/${encodeURIComponent(id)}`;
  return {
    async submit({ client: _client, idempotencyKey, requestHash: _hash, ...request }) {
      return viewOf(await client.post<Answer>('/v1/sweeps', request, idempotencyKey));
    },
    async view(id) {
      try {
        return viewOf(await client.get<Answer>(at(id)));
      } catch (error) {
        if (error instanceof MmsError && error.problem.code === 'E_NOT_FOUND') return null;
        throw error;
      }
    },
    async list(filter) {
      const query = new URLSearchParams(Object.entries(filter).map(([name, value]) => [name, String(value)]));
      const { sweeps } = await client.get<{ sweeps: Answer[] }>(`/v1/sweeps?${query.toString()}`);
      return sweeps.map(viewOf);
    },
    async rows(id, { from, limit }) {
      const rows: SweepRow[] = [];
      while (rows.length < limit) {
        const query = `from=${from + rows.length}&limit=${limit - rows.length}`;
        const page = unpackRows(await client.get<PackedRows>(`${at(id)}/rows?${query}`));
        if (page.length === 0) break;
        rows.push(...page);
      }
      return rows;
    },
    cancel: async (id) => viewOf(await client.delete<Answer>(at(id))),
    retryFailed: async (id) => viewOf(await client.post<Answer>(`${at(id)}/retry`, {})),
    watch(id, listener) {
      let isOver = false;
      const follow = async (): Promise<void> => {
        while (!isOver) {
          const view = viewOf(await client.get<Answer>(at(id)));
          if (isOver) return;
          listener(view);
          if (view.finishedMs !== null) return;
          await pause(POLL_MS);
        }
      };
      follow().catch((error: unknown) => {
        if (!isOver) failed(error);
      });
      return () => void (isOver = true);
    },
  };
}
