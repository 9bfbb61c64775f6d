/**
 * Where results may stand, by the first 32 bits of their keys, in memory: nearly every question for a result
 * of a new job is answered with no, without a look into the file. Open addressing, 8 bytes a slot; a hit is
 * only a place to look at, the whole key decides there.
 */

/** 64 MiB. */
const MAX_SLOTS = 2 ** 23;
const FIRST_SLOTS = 2 ** 12;

export interface KeyIndex {
  /** `place` is 1..2^32-1. */
  add(head: number, place: number): void;
  /** Forgets a place; nothing happens when it is not known. */
  remove(head: number, place: number): void;
  /** Places of results whose keys begin so, newest first; null when the index is full and does not know. */
  find(head: number): readonly number[] | null;
}

export function createKeyIndex(maxSlots = MAX_SLOTS): KeyIndex {
  let slots = new Uint32Array(2 * Math.min(FIRST_SLOTS, maxSlots));
  let used = 0;
  let isFull = false;

  function put(head: number, place: number): void {
    const mask = slots.length / 2 - 1;
    let at = start(head, mask);
    while (slots[2 * at + 1] !== 0) {
      if (slots[2 * at] === head && slots[2 * at + 1] === place) return;
      at = (at + 1) & mask;
    }
    slots[2 * at] = head;
    slots[2 * at + 1] = place;
    used++;
  }

  function grow(): void {
    const old = slots;
    slots = new Uint32Array(2 * old.length);
    used = 0;
    for (let i = 0; i < old.length; i += 2) if (old[i + 1] !== 0) put(old[i]!, old[i + 1]!);
  }

  /** Empties a slot; what stands behind it in its run and may stand nearer to its start moves up. */
  function empty(slot: number): void {
    const mask = slots.length / 2 - 1;
    let hole = slot;
    for (let at = (slot + 1) & mask; slots[2 * at + 1] !== 0; at = (at + 1) & mask) {
      const own = start(slots[2 * at]!, mask);
      if (((at - own) & mask) < ((at - hole) & mask)) continue;
      slots.copyWithin(2 * hole, 2 * at, 2 * at + 2);
      hole = at;
    }
    slots[2 * hole] = slots[2 * hole + 1] = 0;
    used--;
  }

  return {
    add(head, place) {
      if (isFull) return;
      if (8 * used >= 3 * slots.length) {
        if (slots.length >= 2 * maxSlots) {
          isFull = true;
          return;
        }
        grow();
      }
      put(head >>> 0, place);
    },
    remove(head, place) {
      const mask = slots.length / 2 - 1;
      for (let at = start(head, mask); slots[2 * at + 1] !== 0; at = (at + 1) & mask) {
        if (slots[2 * at] === head >>> 0 && slots[2 * at + 1] === place) return empty(at);
      }
    },
    find(head) {
      const mask = slots.length / 2 - 1;
      const places: number[] = [];
      for (let at = start(head, mask); slots[2 * at + 1] !== 0; at = (at + 1) & mask) {
        if (slots[2 * at] === head >>> 0) places.push(slots[2 * at + 1]!);
      }
      if (places.length === 0 && isFull) return null;
      return places.sort((a, b) => b - a);
    },
  };
}

/** Keys are hashes, but one job may be asked for again and again: its copies must not fill a whole run. */
function start(head: number, mask: number): number {
  return (Math.imul(head, 0x9e3779b1) >>> 7) & mask;
}

/** The head of a key in hexadecimal. */
export function headOf(key: string): number {
  return Number.parseInt(key.slice(0, 8), 16);
}
