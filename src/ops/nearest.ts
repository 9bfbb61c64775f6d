/** "Did you mean": the known word nearest to an unknown one. */
import { closest, distance } from 'fastest-levenshtein';

/** The nearest of `known` by edit distance, or null when more than a third of the word differs. */
export function nearest(word: string, known: readonly string[]): string | null {
  // No name is nearly so long; measuring its distance would take its time.
  if (known.length === 0 || word.length > 200) return null;
  const near = closest(word, [...known]);
  return distance(word, near) <= Math.max(2, Math.floor(word.length / 3)) ? near : null;
}
