import { expect, test } from "vitest";

import type { Edit, Fit } from "../../ipc";
import { unchangedEdit } from "./edit_document";
import { differs, framingOf, isOnItsOwn, onItsOwn, sameEverywhere, withFit, withRanges } from "./part_framing";
import { joined, split, trimmed, without } from "./ranges";

const clip = { duration_us: 10_000, frame_us: 100 };
const left: Fit = { fill: { centre_x: 0, centre_y: 0.5 } };
const right: Fit = { fill: { centre_x: 1, centre_y: 0.5 } };
const edit: Edit = {
  ...unchangedEdit(), framing: { aspect: "portrait_9_16", fit: left }, ranges: [{ start_us: 0, end_us: 4000 }, { start_us: 5000, end_us: 9000 }],
};
const blurred = withFit(onItsOwn(edit, 1, true), 1, "blur");

test("a part follows the framing of all until it is on its own", () => {
  expect(withFit(edit, 1, right).framing.fit).toEqual(right);
  expect(framingOf(blurred, 0)).toEqual({ aspect: "portrait_9_16", fit: left });
  expect(framingOf(blurred, 1)).toEqual({ aspect: "portrait_9_16", fit: "blur" });
  expect([isOnItsOwn(blurred, 0), isOnItsOwn(blurred, 1), differs(blurred), differs(edit)]).toEqual([false, true, true, false]);
  expect(framingOf(withFit(blurred, 0, right), 1).fit).toBe("blur");
});

test("on its own, a part looks as before until it is changed, and back it looks as all", () => {
  expect(framingOf(onItsOwn(edit, 1, true), 1)).toEqual(framingOf(edit, 1));
  expect(onItsOwn(blurred, 1, false)).toEqual(edit);
});

test("one part's framing can be that of all", () => {
  const same = sameEverywhere(blurred, 1);
  expect(same).toEqual({ ...edit, framing: { aspect: "portrait_9_16", fit: "blur" } });
  expect(sameEverywhere(blurred, 0)).toEqual(edit);
});

test("without ranges there is the framing of all", () => {
  const whole = { ...edit, ranges: [] };
  expect(framingOf(whole, 0).fit).toEqual(left);
  expect(withFit(whole, 0, right).framing.fit).toEqual(right);
});

test("splitting, trimming and joining leave each part its framing", () => {
  const halves = split(blurred.ranges, 7000, clip)!;
  expect(halves.map(({ fit }) => fit)).toEqual([undefined, "blur", "blur"]);
  expect(trimmed(blurred.ranges, 1, "start_us", 6000, clip)[1]).toEqual({ start_us: 6000, end_us: 9000, fit: "blur" });
  expect(joined(halves, 1)).toEqual(blurred.ranges);
  expect(withRanges(blurred, halves, clip).ranges).toEqual(halves);
});

test("the only part left hands its framing to the edit", () => {
  const last = withRanges(blurred, without(blurred.ranges, 0)!, clip);
  expect(last).toEqual({ ...edit, framing: { aspect: "portrait_9_16", fit: "blur" }, ranges: [{ start_us: 5000, end_us: 9000 }] });
  expect(withRanges(blurred, [{ start_us: 0, end_us: 10_000, fit: "blur" }], clip).ranges).toEqual([]);
});
