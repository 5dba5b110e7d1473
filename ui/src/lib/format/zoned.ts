/** Milliseconds that `zone` is ahead of UTC at an instant. */
export function zoneOffsetMs(instant_ms: number, zone: string): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  }).formatToParts(instant_ms);
  const part = (type: string) => Number(parts.find((candidate) => candidate.type === type)?.value);
  const wall = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
  return wall - Math.floor(instant_ms / 1000) * 1000;
}

/** How a wall time meets the clock changes of its zone. */
export type WallKind = "plain" | "skipped" | "twice";

export interface ResolvedWall {
  instant_ms: number;
  kind: WallKind;
}

/**
 * The instant of a wall time (`2026-11-21T18:00` or with seconds) in a zone; null when the text is no time.
 * A skipped time moves forward by the gap, a time that comes twice means the first one, as in the core.
 */
export function resolveWall(wall: string, zone: string): ResolvedWall | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2}))?$/.exec(wall);
  if (!match) return null;
  const [year, month, day, hour, minute, second] = match.slice(1).map((text) => Number(text ?? 0)) as [
    number, number, number, number, number, number,
  ];
  const as_utc = Date.UTC(year, month - 1, day, hour, minute, second);
  if (new Date(as_utc).getUTCDate() !== day || month > 12 || hour > 23 || minute > 59) return null;
  const day_ms = 86_400_000;
  const before = zoneOffsetMs(as_utc - day_ms, zone);
  const after = zoneOffsetMs(as_utc + day_ms, zone);
  const fits = (offset: number) => zoneOffsetMs(as_utc - offset, zone) === offset;
  if (before === after) return { instant_ms: as_utc - before, kind: "plain" };
  if (fits(before) && fits(after)) return { instant_ms: as_utc - Math.max(before, after), kind: "twice" };
  if (fits(before)) return { instant_ms: as_utc - before, kind: "plain" };
  if (fits(after)) return { instant_ms: as_utc - after, kind: "plain" };
  return { instant_ms: as_utc - before, kind: "skipped" };
}

/** The wall time of an instant in a zone, to the minute: `2026-11-21T18:00:00`. */
export function wallAt(instant_ms: number, zone: string): string {
  return `${new Date(instant_ms + zoneOffsetMs(instant_ms, zone)).toISOString().slice(0, 16)}:00`;
}

const locale = "en-GB";

/** `Sat 21 Nov, 18:00`, with the year only when it is not this one. */
export function formatInstant(instant_ms: number, zone: string, now_ms: number): string {
  const year = (at: number) => new Intl.DateTimeFormat(locale, { timeZone: zone, year: "numeric" }).format(at);
  return new Intl.DateTimeFormat(locale, {
    timeZone: zone,
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    ...(year(instant_ms) === year(now_ms) ? {} : { year: "numeric" }),
  }).format(instant_ms);
}

/** `18:00:07` for log lines. */
export function formatClock(instant_ms: number, zone: string): string {
  return new Intl.DateTimeFormat(locale, { timeZone: zone, timeStyle: "medium", hourCycle: "h23" }).format(instant_ms);
}

/** `Berlin, Europe` of `Europe/Berlin`; `UTC` stays. */
export function zoneLabel(zone: string): string {
  const parts = zone.replaceAll("_", " ").split("/");
  return parts.length < 2 ? zone : `${parts.slice(1).join(", ")}, ${parts[0]}`;
}

/** `UTC+01:00` at an instant. */
export function offsetLabel(instant_ms: number, zone: string): string {
  const minutes = Math.round(zoneOffsetMs(instant_ms, zone) / 60_000);
  const absolute = Math.abs(minutes);
  const two = (value: number) => String(value).padStart(2, "0");
  return `UTC${minutes < 0 ? "−" : "+"}${two(Math.floor(absolute / 60))}:${two(absolute % 60)}`;
}
