/** The part of a timeline that is in sight: where it starts, and how much time a pixel holds. */
export interface Scale {
  from_us: number;
  us_per_px: number;
}

/** What bounds a scale. */
export interface Extent {
  duration_us: number;
  frame_us: number;
  width_px: number;
}

/** As far as one can zoom in: a single frame is this wide. */
const frame_width_max_px = 160;

export const pixelOf = (scale: Scale, at_us: number): number => (at_us - scale.from_us) / scale.us_per_px;

export const timeAt = (scale: Scale, x_px: number): number => scale.from_us + x_px * scale.us_per_px;

/** The whole clip in sight. */
export const fitted = ({ duration_us, width_px }: Extent): Scale => ({ from_us: 0, us_per_px: duration_us / Math.max(1, width_px) });

const closest = (extent: Extent): number => Math.min(extent.frame_us / frame_width_max_px, fitted(extent).us_per_px);

/** Brings a scale back inside the clip, and between the whole clip and single frames. */
export function clamped(scale: Scale, extent: Extent): Scale {
  const us_per_px = Math.min(Math.max(scale.us_per_px, closest(extent)), fitted(extent).us_per_px);
  const last_us = extent.duration_us - us_per_px * extent.width_px;
  return { us_per_px, from_us: Math.min(Math.max(0, scale.from_us), Math.max(0, last_us)) };
}

/** Nearer by `factor` (above 1) or farther; the moment under `around_px` stays where it is. */
export function zoomed(scale: Scale, extent: Extent, factor: number, around_px: number): Scale {
  const held_us = timeAt(scale, around_px);
  const { us_per_px } = clamped({ ...scale, us_per_px: scale.us_per_px / factor }, extent);
  return clamped({ us_per_px, from_us: held_us - around_px * us_per_px }, extent);
}

/** Moves the view just far enough that a moment is in sight, with some room beside it. */
export function revealing(scale: Scale, extent: Extent, at_us: number): Scale {
  const room_px = Math.min(32, extent.width_px / 4);
  const x_px = pixelOf(scale, at_us);
  if (x_px < room_px) return clamped({ ...scale, from_us: at_us - room_px * scale.us_per_px }, extent);
  if (x_px > extent.width_px - room_px) return clamped({ ...scale, from_us: at_us - (extent.width_px - room_px) * scale.us_per_px }, extent);
  return scale;
}

/** 0 with the whole clip in sight, 1 at single frames. */
export function nearness(scale: Scale, extent: Extent): number {
  const span = Math.log(fitted(extent).us_per_px / closest(extent));
  return span <= 0 ? 0 : Math.log(fitted(extent).us_per_px / scale.us_per_px) / span;
}

export function atNearness(scale: Scale, extent: Extent, share: number, around_px: number): Scale {
  const wanted = fitted(extent).us_per_px * (closest(extent) / fitted(extent).us_per_px) ** share;
  return zoomed(scale, extent, scale.us_per_px / wanted, around_px);
}

export interface Tick {
  at_us: number;
  labelled: boolean;
}

const second_us = 1_000_000;
const label_width_min_px = 84;

/** Marks of the ruler: labels never closer than they are wide, at round times or, close up, at whole frames. */
export function ticks(scale: Scale, extent: Extent): Tick[] {
  const wanted_us = label_width_min_px * scale.us_per_px;
  const round = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200].map((seconds) => seconds * second_us);
  const frames = [1, 2, 5].map((count) => count * extent.frame_us).filter((step) => step < round[0]!);
  const step_us = [...frames, ...round].find((step) => step >= wanted_us) ?? 14_400 * second_us;
  const parts = step_us < round[0]! ? 1 : 5;
  const small_us = step_us / parts;
  const first = Math.ceil(scale.from_us / small_us - 1e-6);
  const end_us = Math.min(timeAt(scale, extent.width_px), extent.duration_us);
  const found: Tick[] = [];
  for (let index = first; index * small_us <= end_us + 1; index += 1) found.push({ at_us: index * small_us, labelled: index % parts === 0 });
  return found;
}
