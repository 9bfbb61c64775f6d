/** Large inputs on their way to nodes: packed once, and their parts read by every node that asks for them. */
import type { InputStore } from '../../contract/ports.js';
import { encodeMessage } from '../../wire/messages.js';
import type { Link, Parcel } from '../../wire/nats/link.js';

/** Parts serve every node that asks within this time; they live longer. */
const SHARED_MS = 3_600_000;

interface Packed {
  readonly parcel: Promise<Parcel | null>;
  readonly atMs: number;
  /** Nodes that were told of it. One that asks again could not read it. */
  readonly told: Set<string>;
}

export class InputParcels {
  readonly #link: Link;
  readonly #boot: string;
  readonly #packed = new Map<string, Packed>();
  #count = 0;

  constructor(link: Link, boot: string) {
    this.#link = link;
    this.#boot = boot;
  }

  /** The message that brings the input; null when the store no longer has it. */
  parcelFor(peer: string, digest: string, store: InputStore, nowMs: number): Promise<Parcel | null> {
    for (const [known, { atMs }] of this.#packed) if (nowMs - atMs > SHARED_MS) this.#packed.delete(known);
    const known = this.#packed.get(digest);
    if (known && !known.told.has(peer)) {
      known.told.add(peer);
      return known.parcel;
    }
    const packed: Packed = { parcel: this.#pack(digest, store), atMs: nowMs, told: new Set([peer]) };
    this.#packed.set(digest, packed);
    const forget = (): void => {
      if (this.#packed.get(digest) === packed) this.#packed.delete(digest);
    };
    // Small ones and missing ones are not kept here: the store is asked again.
    packed.parcel.then((parcel) => (parcel?.headers ? undefined : forget()), forget);
    return packed.parcel;
  }

  async #pack(digest: string, store: InputStore): Promise<Parcel | null> {
    const data = await store.get(digest);
    if (!data) return null;
    const frames = encodeMessage({ type: 'input', digest, tables: data.tables });
    return this.#link.pack(frames, `${this.#boot}-input-${++this.#count}`);
  }
}
