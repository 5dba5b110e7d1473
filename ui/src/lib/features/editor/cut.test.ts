import { expect, test } from "vitest";

import { cutOf } from "./cut";
import { unchangedEdit } from "./edit_document";

const timeline = { frame_rate_fps: 25, keyframes_us: [0, 2_000_000, 4_000_000] };
const range = (start_us: number, end_us: number) => ({ start_us, end_us });

test("a range that starts on a keyframe is copied, wherever it ends", () => {
  expect(cutOf(range(2_000_000, 3_333_333), unchangedEdit(), timeline)).toEqual({ kind: "copied" });
  expect(cutOf(range(2_010_000, 3_000_000), unchangedEdit(), timeline)).toEqual({ kind: "copied" });
});

test("elsewhere its start is encoded up to the next keyframe inside it", () => {
  expect(cutOf(range(2_500_000, 9_000_000), unchangedEdit(), timeline)).toEqual({ kind: "accurate", until_us: 4_000_000 });
  expect(cutOf(range(2_500_000, 3_900_000), unchangedEdit(), timeline)).toEqual({ kind: "accurate", until_us: null });
});

test("what changes the picture encodes all of it, and is named", () => {
  expect(cutOf(range(0, 9), { ...unchangedEdit(), speed: 2 }, timeline)).toEqual({ kind: "encoded", because: "the speed" });
  expect(cutOf(range(0, 9), { ...unchangedEdit(), framing: { aspect: "square", fit: "blur" } }, timeline)).toMatchObject({ because: "the framing" });
  expect(cutOf(range(0, 9), { ...unchangedEdit(), captions: { path: "/a.srt", burned_in: true } }, timeline).kind).toBe("encoded");
});

test("sound alone does not touch the picture", () => {
  const edit = unchangedEdit();
  edit.sound.volume_db = -6;
  expect(cutOf(range(0, 9), edit, timeline).kind).toBe("copied");
});

test("nothing is promised before the keyframes are known", () => {
  expect(cutOf(range(0, 9), unchangedEdit(), { ...timeline, keyframes_us: null })).toEqual({ kind: "unknown" });
});
