/** Decimal text as exact scaled integers: "2683.80" at 2 decimals is 268380, never a binary fraction. */

const DOT = 0x2e;
const ZERO = 0x30;

/** Decimals the number needs without trailing zeros; -1 for a text that is not digits and one dot at most. */
export function decimalsOf(text: string): number {
  let dot = -1;
  let lastNonZero = -1;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === DOT && dot < 0) dot = i;
    else if (code < ZERO || code > ZERO + 9) return -1;
    else if (dot >= 0 && code !== ZERO) lastNonZero = i;
  }
  if (text.length === 0 || dot === 0 || dot === text.length - 1) return -1;
  return lastNonZero < 0 ? 0 : lastNonZero - dot;
}

/** The number times 10^decimals. NaN when it is not plain, needs more decimals, or passes 2^53 - 1. */
export function scaledInteger(text: string, decimals: number): number {
  const needed = decimalsOf(text);
  if (needed < 0 || needed > decimals) return NaN;
  const dot = text.indexOf('.');
  const digits = dot < 0 ? text.length : dot + 1 + needed;
  let value = 0;
  for (let i = 0; i < digits; i++) if (i !== dot) value = value * 10 + (text.charCodeAt(i) - ZERO);
  for (let i = needed; i < decimals; i++) value *= 10;
  return value <= Number.MAX_SAFE_INTEGER ? value : NaN;
}

/** The text of value / 10^decimals without trailing zeros; `value` is a safe integer >= 0. */
export function scaledText(value: number, decimals: number): string {
  const digits = String(value).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '');
  return fraction === '' ? whole : `${whole}.${fraction}`;
}
