import type { Edit, KeptRange, Timeline } from "../../ipc";

/** How a range gets into the video that is sent. */
export type Cut =
  | { kind: "copied" }
  /** From the start to `until_us` (the next keyframe) is encoded, the rest is copied; null encodes the whole range. */
  | { kind: "accurate"; until_us: number | null }
  | { kind: "encoded"; because: string }
  | { kind: "unknown" };

/** What else in the edit makes every frame new; null when nothing does. */
export function encodesAll(edit: Edit): string | null {
  if (edit.framing.aspect !== "source") return "the framing";
  if (edit.turn.rotate_deg !== 0 || edit.turn.mirrored) return "the rotation";
  if (edit.speed !== 1) return "the speed";
  if (edit.captions?.burned_in) return "the captions in the picture";
  return null;
}

/** A copy can only start at a keyframe; where it ends is free. */
export function cutOf(range: KeptRange, edit: Edit, timeline: Pick<Timeline, "keyframes_us" | "frame_rate_fps">): Cut {
  const because = encodesAll(edit);
  if (because) return { kind: "encoded", because };
  if (!timeline.keyframes_us) return { kind: "unknown" };
  const near_us = 500_000 / timeline.frame_rate_fps;
  if (timeline.keyframes_us.some((keyframe) => Math.abs(keyframe - range.start_us) < near_us)) return { kind: "copied" };
  return { kind: "accurate", until_us: timeline.keyframes_us.find((keyframe) => keyframe > range.start_us && keyframe < range.end_us) ?? null };
}
