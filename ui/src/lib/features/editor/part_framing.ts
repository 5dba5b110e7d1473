import type { Edit, Fit, Framing, KeptRange } from "../../ipc";
import { written, type Clip } from "./ranges";

/** How a part of the edit is framed: as all, or on its own. */
export const framingOf = (edit: Edit, part: number): Framing => ({ aspect: edit.framing.aspect, fit: edit.ranges[part]?.fit ?? edit.framing.fit });

export const isOnItsOwn = (edit: Edit, part: number): boolean => edit.ranges[part]?.fit != null;

/** Whether any part is framed on its own, where that can be seen. */
export const differs = (edit: Edit): boolean => edit.framing.aspect !== "source" && edit.ranges.some(({ fit }) => fit != null);

/** Frames a part: it alone where it is on its own, otherwise all that are not. */
export const withFit = (edit: Edit, part: number, fit: Fit): Edit =>
  isOnItsOwn(edit, part) ? { ...edit, ranges: edit.ranges.map((range, index) => (index === part ? { ...range, fit } : range)) } : { ...edit, framing: { ...edit.framing, fit } };

/** Takes a part out of the common framing, which it keeps until it is changed, or back into it. */
export function onItsOwn(edit: Edit, part: number, own: boolean): Edit {
  const { fit } = framingOf(edit, part);
  return { ...edit, ranges: edit.ranges.map((range, index) => (index !== part ? range : own ? { ...range, fit } : shared(range))) };
}

/** All parts framed as this one. */
export const sameEverywhere = (edit: Edit, part: number): Edit => ({ ...edit, framing: framingOf(edit, part), ranges: edit.ranges.map(shared) });

/** The edit with other ranges. What the only part left has for itself, the edit has. */
export function withRanges(edit: Edit, ranges: readonly KeptRange[], clip: Clip): Edit {
  const only = ranges.length === 1 ? ranges[0]! : null;
  if (only?.fit == null) return { ...edit, ranges: written(ranges, clip) };
  return { ...edit, framing: { ...edit.framing, fit: only.fit }, ranges: written([shared(only)], clip) };
}

const shared = ({ start_us, end_us }: KeptRange): KeptRange => ({ start_us, end_us });
