export const dayNames = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;

/** `09:30`; the end of a day is its midnight. */
export function clockOf(minute: number): string {
  const two = (number: number) => String(number).padStart(2, "0");
  return `${two(Math.floor(minute / 60) % 24)}:${two(minute % 60)}`;
}

/** What cannot be read leaves it as it was. */
export function minuteOf(clock: string, before: number): number {
  const [, hours, minutes] = /^(\d{2}):(\d{2})/.exec(clock) ?? [];
  return hours === undefined || minutes === undefined ? before : Number(hours) * 60 + Number(minutes);
}

/** Bytes per second of what was typed in MB/s; empty, and what is no number, is no limit. */
export function rateOf(megabytes: string): number | null {
  const number = Number.parseFloat(megabytes);
  return Number.isFinite(number) && number > 0 ? Math.round(number * 1_000_000) : null;
}

export function megabytesOf(rate: number | null): string {
  return rate === null ? "" : String(rate / 1_000_000);
}
