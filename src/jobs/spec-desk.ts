/**
 * Specs that were checked lately, by their text: jobs that differ in their seed alone, which is what most
 * requests are, share one spec that is checked, canonical and measured once.
 */
import { LRUCache } from 'lru-cache';
import type { InputRef, Kind } from '../contract/kind.js';
import { checkSpec, refuseFaults } from './check-spec.js';
import { canonicalJson } from './key.js';
import { checkCost, type JobSize, type Limits } from './limits.js';

const MAX_KEPT = 1_000;
/** Longer ones are rare, and would make the memory of all kept ones large. */
const MAX_TEXT = 4_096;

export interface CheckedSpec {
  readonly kind: Kind;
  /** Canonical: defaults filled in, keys sorted. Shared, never changed. */
  readonly spec: unknown;
  /** `spec` as canonical JSON. */
  readonly text: string;
  readonly refs: readonly InputRef[];
  /** Throws MmsError E_COST. */
  size(): JobSize;
}

export interface SpecDesk {
  /** Throws MmsError E_SPEC. */
  check(kind: Kind, spec: unknown): CheckedSpec;
}

export function createSpecDesk(limits: Limits): SpecDesk {
  const kept = new LRUCache<string, CheckedSpec>({ max: MAX_KEPT });
  return {
    check(kind, spec) {
      const text = textOf(spec);
      if (text === null) return checked(kind, spec, limits);
      const name = `${kind.name} ${text}`;
      let known = kept.get(name);
      if (!known) kept.set(name, (known = checked(kind, spec, limits)));
      return known;
    },
  };
}

function checked(kind: Kind, asked: unknown, limits: Limits): CheckedSpec {
  const text = canonicalJson(checkSpec(kind, asked));
  const spec = JSON.parse(text) as unknown;
  const refs = kind.inputs?.(spec) ?? [];
  if (refs.length === 0) refuseFaults(kind, kind.inputFaults?.(spec, {}) ?? []);
  let size: JobSize | null = null;
  /** The limits that it was held against, which a running service may change. */
  let held = [0];
  return {
    kind,
    spec,
    text,
    refs,
    size: () => {
      const { maxUnits, maxJobCoreS, maxResultBytes, maxThreadBytes } = limits;
      const now = [maxUnits, maxJobCoreS, maxResultBytes, maxThreadBytes];
      if (size !== null && now.every((limit, i) => limit === held[i])) return size;
      held = now;
      return (size = checkCost(kind, spec, limits));
    },
  };
}

/** Null where JSON's text does not tell two specs apart, as null and NaN, or is too long to keep. */
function textOf(spec: unknown): string | null {
  try {
    const text = JSON.stringify(spec) as string | undefined;
    return text === undefined || text.length > MAX_TEXT || text.includes('null') ? null : text;
  } catch {
    return null;
  }
}
