import type { Timeline } from "../../ipc";

export type SnapKind = "keyframe" | "scene" | "silence" | "black" | "edge" | "playhead";

export interface SnapTarget {
  at_us: number;
  kind: SnapKind;
}

export const snapNames: Record<SnapKind, string> = {
  keyframe: "keyframe", scene: "scene change", silence: "edge of a silence", black: "edge of black", edge: "end of a range", playhead: "playhead",
};

/** Where two kinds coincide, the one that says more. */
const rank: readonly SnapKind[] = ["scene", "keyframe", "silence", "black", "edge", "playhead"];

/** Everything in a timeline that a cut can lean on, in the order of time. */
export function snapTargets(timeline: Timeline, extra: readonly SnapTarget[] = []): SnapTarget[] {
  const at = (kind: SnapKind, times: readonly number[] | null) => (times ?? []).map((at_us): SnapTarget => ({ at_us, kind }));
  const edges = (kind: SnapKind, spans: Timeline["black"]) => at(kind, (spans ?? []).flatMap(({ from_us, to_us }) => [from_us, to_us]));
  return [
    ...at("keyframe", timeline.keyframes_us), ...at("scene", timeline.scenes_us),
    ...edges("silence", timeline.silences), ...edges("black", timeline.black),
    ...at("edge", [0, timeline.duration_us]), ...extra,
  ].sort((a, b) => a.at_us - b.at_us || rank.indexOf(a.kind) - rank.indexOf(b.kind));
}

/** Index of the first target at or after a moment. */
function firstFrom(targets: readonly SnapTarget[], at_us: number): number {
  let low = 0;
  let high = targets.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (targets[middle]!.at_us < at_us) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The nearest target within reach, or null. At the same distance the kind that says more wins. */
export function snapped(targets: readonly SnapTarget[], at_us: number, reach_us: number): SnapTarget | null {
  let best: SnapTarget | null = null;
  for (let index = firstFrom(targets, at_us - reach_us); index < targets.length && targets[index]!.at_us <= at_us + reach_us; index += 1) {
    const target = targets[index]!;
    const gain = best ? Math.abs(best.at_us - at_us) - Math.abs(target.at_us - at_us) : 1;
    if (gain > 0 || (gain === 0 && best && rank.indexOf(target.kind) < rank.indexOf(best.kind))) best = target;
  }
  return best;
}

/** The next moment of an ascending list before (−1) or after (1) `at_us`; within half a frame counts as being there. */
export function neighbour(times_us: readonly number[], at_us: number, direction: -1 | 1, frame_us: number): number | null {
  const near = frame_us / 2;
  if (direction > 0) return times_us.find((time) => time > at_us + near) ?? null;
  return times_us.findLast((time) => time < at_us - near) ?? null;
}
