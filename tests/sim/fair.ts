/**
 * Shares, watched from outside: of two that both wait, neither is given more than one chunk of each ahead of
 * the other, counted from when both began to wait. Clients of one priority count equally, a priority twice as
 * much as the one below. Once something was lost or handed back it looks no further, because such work is not
 * charged again.
 */
import type { Chunk } from '../../src/contract/ports.js';
import type { RouterEffect, RouterState } from '../../src/router/state.js';

/** Somebody with a share: a priority, or a client of one. */
interface Party {
  readonly name: string;
  readonly weight: number;
  waiting: number;
}

type Started = Extract<RouterEffect, { type: 'started' }>;

export class FairWatch {
  readonly #fault: (text: string) => void;
  /** By `ahead behind`: how much further the one was given than the other since both wait. */
  readonly #lead = new Map<string, number>();
  readonly #mostNs = new Map<string, number>();
  #blind = false;

  constructor(fault: (text: string) => void) {
    this.#fault = fault;
  }

  /** A new router knows nothing of what was given before. */
  restarted(): void {
    this.#lead.clear();
    this.#blind = false;
  }

  /**
   * The starts of one step, in their order; those `outOfTurn` are not charged. `chunkOf` gives what was
   * offered.
   */
  after(
    router: RouterState,
    effects: readonly RouterEffect[],
    outOfTurn: ReadonlySet<string>,
    chunkOf: (key: string) => Chunk,
  ): void {
    if (this.#blind) return;
    const waiting = [...router.open.values()].filter(({ peer }) => peer === null);
    const isAgain = effects.some((effect) => effect.type === 'attempt' && effect.reason === 'again');
    if (isAgain || waiting.some(({ attempt }) => attempt > 0)) {
      this.#blind = true;
      return;
    }
    const starts = effects.filter((effect): effect is Started => effect.type === 'started');
    const keys = starts.map(({ jobId, chunk }) => `${jobId}/${chunk}`).filter((key) => !outOfTurn.has(key));
    const chunks = keys.map(chunkOf);
    const parties = new Map<string, Party>();
    for (const chunk of [...chunks, ...waiting.map((entry) => entry.chunk)]) {
      for (const party of this.#partiesOf(chunk)) {
        const known = parties.get(party.name);
        if (known) known.waiting++;
        else parties.set(party.name, party);
        this.#mostNs.set(party.name, Math.max(chunk.costNs, this.#mostNs.get(party.name) ?? 0));
      }
    }
    for (const chunk of chunks) {
      for (const { name } of this.#partiesOf(chunk)) this.#gave(parties.get(name)!, chunk.costNs, parties);
    }
    const isIdle = (name: string): boolean => (parties.get(name)?.waiting ?? 0) === 0;
    for (const pair of this.#lead.keys()) if (pair.split('/').some(isIdle)) this.#lead.delete(pair);
  }

  #partiesOf({ priority, client = '' }: Chunk): readonly Party[] {
    return [
      { name: `priority ${priority}`, weight: 2 ** priority, waiting: 1 },
      { name: `client ${client} of ${priority}`, weight: 1, waiting: 1 },
    ];
  }

  /** One chunk, the longest that it ever had. */
  #reachOf({ name, weight }: Party): number {
    return this.#mostNs.get(name)! / weight;
  }

  #gave(to: Party, costNs: number, parties: ReadonlyMap<string, Party>): void {
    to.waiting--;
    for (const other of parties.values()) {
      const isPeer = other !== to && rankOf(other) === rankOf(to);
      if (!isPeer) continue;
      const [ahead, behind] = [`${to.name}/${other.name}`, `${other.name}/${to.name}`];
      if (other.waiting === 0) continue;
      const lead = (this.#lead.get(ahead) ?? 0) + costNs / to.weight;
      const limit = this.#reachOf(to) + this.#reachOf(other);
      if (lead > limit + 1e-6)
        this.#fault(
          `${to.name} was given ${Math.round((lead / limit) * 100)} % of what it may be ahead of ${other.name}`,
        );
      this.#lead.set(ahead, lead);
      this.#lead.set(behind, -lead);
    }
  }
}

/** Priorities share among each other, clients with those of their priority. */
function rankOf({ name }: Party): string {
  return name.startsWith('priority') ? '' : name.slice(name.lastIndexOf(' '));
}
