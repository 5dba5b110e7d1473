import type { KeptRange } from "../../ipc";

/** What every operation needs to know of the clip. */
export interface Clip {
  duration_us: number;
  frame_us: number;
}

export type Edge = "start_us" | "end_us";

/** The kept ranges as they stand; an empty list keeps everything. */
export const keptOf = (ranges: readonly KeptRange[], { duration_us }: Clip): KeptRange[] =>
  ranges.length > 0 ? ranges.map((range) => ({ ...range })) : [{ start_us: 0, end_us: duration_us }];

/** The shortest way to write it: one range over everything is no range. */
export function written(ranges: readonly KeptRange[], { duration_us, frame_us }: Clip): KeptRange[] {
  const only = ranges.length === 1 ? ranges[0]! : null;
  if (only && only.start_us <= 0 && only.end_us >= duration_us - frame_us / 2) return [];
  return ranges.map((range) => ({ ...range, start_us: Math.round(range.start_us), end_us: Math.round(range.end_us) }));
}

export const lengthOf = (ranges: readonly KeptRange[]): number => ranges.reduce((sum, { start_us, end_us }) => sum + end_us - start_us, 0);

/** Which range shows a moment of the source, or −1. */
export const rangeAt = (ranges: readonly KeptRange[], at_us: number): number =>
  ranges.findIndex(({ start_us, end_us }) => at_us >= start_us && at_us < end_us);

/** How far an edge may go: to its neighbours in the source, and leaving one frame. */
export function edgeLimits(ranges: readonly KeptRange[], index: number, edge: Edge, { duration_us, frame_us }: Clip): [number, number] {
  const range = ranges[index]!;
  const others = ranges.filter((_, other) => other !== index);
  if (edge === "start_us") {
    const before = Math.max(0, ...others.filter((other) => other.end_us <= range.start_us).map((other) => other.end_us));
    return [before, Math.max(before, range.end_us - frame_us)];
  }
  const after = Math.min(duration_us, ...others.filter((other) => other.start_us >= range.end_us).map((other) => other.start_us));
  return [Math.min(after, range.start_us + frame_us), after];
}

/** Moves one edge, as far as it may go. */
export function trimmed(ranges: readonly KeptRange[], index: number, edge: Edge, at_us: number, clip: Clip): KeptRange[] {
  const [low, high] = edgeLimits(ranges, index, edge, clip);
  return ranges.map((range, other) => (other === index ? { ...range, [edge]: Math.round(Math.min(Math.max(at_us, low), high)) } : { ...range }));
}

/** Cuts the range that shows `at_us` in two; null where nothing is shown or less than a frame would be left. */
export function split(ranges: readonly KeptRange[], at_us: number, { frame_us }: Clip): KeptRange[] | null {
  const index = rangeAt(ranges, at_us);
  const range = ranges[index];
  if (!range || at_us - range.start_us < frame_us / 2 || range.end_us - at_us < frame_us / 2) return null;
  const at = Math.round(at_us);
  return ranges.flatMap((other) => (other === range ? [{ ...range, end_us: at }, { ...range, start_us: at }] : [{ ...other }]));
}

/** Without one range; null for the last one, because a video of nothing is none. */
export const without = (ranges: readonly KeptRange[], index: number): KeptRange[] | null =>
  ranges.length <= 1 || !ranges[index] ? null : ranges.filter((_, other) => other !== index);

/** Joins a range with the next in play order, keeping what lies between, framed as the first; null where that would overlap or run backwards. */
export function joined(ranges: readonly KeptRange[], index: number): KeptRange[] | null {
  const first = ranges[index];
  const second = ranges[index + 1];
  if (!first || !second || second.start_us < first.end_us) return null;
  const between = ranges.some((other) => other !== first && other !== second && other.start_us < second.end_us && other.end_us > first.start_us);
  if (between) return null;
  return ranges.flatMap((other, at) => (at === index ? [{ ...first, end_us: second.end_us }] : at === index + 1 ? [] : [other]));
}

/** Keeps again what had been removed around a moment, before the next range in the source; null where it is kept already. */
export function restored(ranges: readonly KeptRange[], at_us: number, { duration_us }: Clip): KeptRange[] | null {
  if (rangeAt(ranges, at_us) >= 0) return null;
  const start_us = Math.max(0, ...ranges.filter((range) => range.end_us <= at_us).map((range) => range.end_us));
  const end_us = Math.min(duration_us, ...ranges.filter((range) => range.start_us > at_us).map((range) => range.start_us));
  if (end_us <= start_us) return null;
  const after = ranges.findIndex((range) => range.start_us >= end_us);
  const place = after < 0 ? ranges.length : after;
  return [...ranges.slice(0, place), { start_us, end_us }, ...ranges.slice(place)];
}

/** Plays a range earlier (−1) or later (1). */
export function moved(ranges: readonly KeptRange[], index: number, by: -1 | 1): KeptRange[] | null {
  const other = index + by;
  if (!ranges[index] || !ranges[other]) return null;
  const next = [...ranges];
  [next[index], next[other]] = [next[other]!, next[index]!];
  return next;
}

/** When a moment of the source is seen in the edit, at normal speed; null where it is not. */
export function editedTime(ranges: readonly KeptRange[], at_us: number): number | null {
  const index = rangeAt(ranges, at_us);
  return index < 0 ? null : lengthOf(ranges.slice(0, index)) + at_us - ranges[index]!.start_us;
}

/** Which moment of the source is seen at a time of the edit; past its end, the last one. */
export function sourceTime(ranges: readonly KeptRange[], edited_us: number): number {
  let left = edited_us;
  for (const { start_us, end_us } of ranges) {
    if (left < end_us - start_us) return start_us + Math.max(0, left);
    left -= end_us - start_us;
  }
  return ranges.at(-1)?.end_us ?? 0;
}

/** Where playback stands after a moment that is not shown: at the start of the range it reaches next, or null at the end. */
export function playsNext(ranges: readonly KeptRange[], at_us: number, playing: number): { at_us: number; index: number } | null {
  const current = ranges[playing];
  if (current && at_us >= current.start_us && at_us < current.end_us) return { at_us, index: playing };
  if (current && at_us >= current.end_us) {
    const next = ranges[playing + 1];
    return next ? { at_us: next.start_us, index: playing + 1 } : null;
  }
  const shown = rangeAt(ranges, at_us);
  if (shown >= 0) return { at_us, index: shown };
  const ahead = ranges.map((range, index) => ({ range, index })).filter(({ range }) => range.start_us >= at_us).sort((a, b) => a.range.start_us - b.range.start_us)[0];
  return ahead ? { at_us: ahead.range.start_us, index: ahead.index } : null;
}
