import { expect, test } from "vitest";

import type { Timeline } from "../../ipc";
import { neighbour, snapped, snapTargets } from "./snapping";

const timeline: Timeline = {
  asset_id: "a", duration_us: 10_000, frame_rate_fps: 25, width_px: 9, height_px: 16, has_sound: true,
  keyframes_us: [0, 2000, 4000], scenes_us: [4000, 5100], black: [{ from_us: 8000, to_us: 8400 }], freezes: null, silences: null,
};
const targets = snapTargets(timeline);

test("the nearest target within reach wins", () => {
  expect(snapped(targets, 2050, 100)).toEqual({ at_us: 2000, kind: "keyframe" });
  expect(snapped(targets, 5000, 100)).toEqual({ at_us: 5100, kind: "scene" });
  expect(snapped(targets, 8390, 100)).toEqual({ at_us: 8400, kind: "black" });
});

test("out of reach nothing happens", () => expect(snapped(targets, 3000, 100)).toBeNull());

test("where a scene starts with a keyframe, the scene is named", () => expect(snapped(targets, 4001, 10)?.kind).toBe("scene"));

test("both ends of the clip are targets", () => {
  expect(snapped(targets, 9999, 10)).toEqual({ at_us: 10_000, kind: "edge" });
  expect(snapped(targets, 1, 10)?.at_us).toBe(0);
});

test("what is still being measured is no target", () => expect(targets.filter((target) => target.kind === "silence")).toEqual([]));

test("own targets are added", () => expect(snapped(snapTargets(timeline, [{ at_us: 6500, kind: "playhead" }]), 6510, 20)?.kind).toBe("playhead"));

test("the neighbouring keyframe is never the one we stand on", () => {
  const keyframes = timeline.keyframes_us!;
  expect(neighbour(keyframes, 2000, 1, 40)).toBe(4000);
  expect(neighbour(keyframes, 2010, -1, 40)).toBe(0);
  expect(neighbour(keyframes, 2100, -1, 40)).toBe(2000);
  expect(neighbour(keyframes, 0, -1, 40)).toBeNull();
  expect(neighbour(keyframes, 4000, 1, 40)).toBeNull();
});
