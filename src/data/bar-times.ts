/** Times of bars as files write them, as seconds since 1970 without asking the machine for its time zone. */

/** Forms that secondsOf understands, for error messages. */
export const TIME_FORMS =
  'a date like 2024-01-31, 20240131, 31.01.2024 (day first) or 1/31/2024 (month first), with or without a time like 09:30 and an ' +
  'offset like Z or +02:00, or whole seconds, ms or us since 1970';

const ISO = /^(\d{4})([-/]?)(\d{2})\2(\d{2})(?:[T ](.*))?$/;
const MONTH_FIRST = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?: (.*))?$/;
const DAY_FIRST = /^(\d{1,2})\.(\d{1,2})\.(\d{4})(?: (.*))?$/;
const CLOCK = /^(\d{1,2}):(\d{2})(?::(\d{2})(\.\d{1,9})?)?(?: ?(Z|UTC|[-+]\d{2}:?\d{2}))?$/;
/** Digits of a count since 1970 (2001 to 2286) and how many of its units make a second. */
const EPOCH_UNITS: Readonly<Record<number, number>> = { 10: 1, 13: 1e3, 16: 1e6 };

/**
 * Seconds since 1970-01-01 00:00 UTC of the text; NaN when it is in none of TIME_FORMS or no such day exists.
 * A time without an offset is taken as written, as if it were UTC: bars of one exchange keep their local
 * clock, on which sessions and days are defined.
 */
export function secondsOf(text: string): number {
  const unit = EPOCH_UNITS[text.length];
  if (unit !== undefined && /^\d+$/.test(text)) return Number(text) / unit;
  const iso = ISO.exec(text);
  if (iso) return dayOf(iso[1], iso[3], iso[4]) + clockOf(iso[5]);
  const american = MONTH_FIRST.exec(text);
  if (american) return dayOf(american[3], american[1], american[2]) + clockOf(american[4]);
  const dotted = DAY_FIRST.exec(text);
  if (dotted) return dayOf(dotted[3], dotted[2], dotted[1]) + clockOf(dotted[4]);
  return NaN;
}

function dayOf(year: string | undefined, month: string | undefined, day: string | undefined): number {
  const ms = Date.UTC(Number(year), Number(month) - 1, Number(day));
  const back = new Date(ms);
  const exists = back.getUTCMonth() === Number(month) - 1 && back.getUTCDate() === Number(day);
  return exists ? ms / 1000 : NaN;
}

function clockOf(text: string | undefined): number {
  if (text === undefined) return 0;
  const parts = CLOCK.exec(text);
  if (!parts) return NaN;
  const [hours, minutes, seconds] = [1, 2, 3].map((i) => Number(parts[i] ?? 0)) as [number, number, number];
  if (hours > 23 || minutes > 59 || seconds > 59) return NaN;
  return hours * 3600 + minutes * 60 + seconds + Number(parts[4] ?? 0) - offsetOf(parts[5]);
}

function offsetOf(text: string | undefined): number {
  if (text === undefined || text === 'Z' || text === 'UTC') return 0;
  const digits = text.slice(1).replace(':', '');
  const seconds = Number(digits.slice(0, 2)) * 3600 + Number(digits.slice(2)) * 60;
  return text.startsWith('-') ? -seconds : seconds;
}

/** The text of a time in seconds since 1970: 2024-01-31, with 09:30:00 after it unless that is midnight. */
export function timeText(timeS: number): string {
  const text = new Date(timeS * 1000).toISOString();
  const clock = text.slice(11, 19);
  return clock === '00:00:00' ? text.slice(0, 10) : `${text.slice(0, 10)} ${clock}`;
}

const SPANS = [
  [86_400, 'day', 'days'],
  [3_600, 'hour', 'hours'],
  [60, 'minute', 'minutes'],
] as const;

/** The text of a distance in the largest unit that measures it whole: 1 day, 5 minutes, 90 s. */
export function spanText(seconds: number): string {
  const unit = SPANS.find(([size]) => seconds >= size && seconds % size === 0);
  if (unit === undefined) return `${seconds} s`;
  const count = seconds / unit[0];
  return `${count} ${count === 1 ? unit[1] : unit[2]}`;
}
