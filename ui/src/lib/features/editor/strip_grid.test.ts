import { expect, test } from "vitest";

import { fitted, zoomed } from "./scale";
import { gridOf, missingRuns } from "./strip_grid";

const extent = { duration_us: 60_000_000, frame_us: 40_000, width_px: 800 };

test("slots are at least as wide as a picture and at most half as wide again", () => {
  for (const factor of [1, 1.3, 1.7, 3, 10, 13]) {
    const scale = zoomed(fitted(extent), extent, factor, 400);
    const width = gridOf(scale, extent, 32).slot_us / scale.us_per_px;
    expect(width).toBeGreaterThanOrEqual(32);
    expect(width).toBeLessThanOrEqual(48.01);
  }
});

test("close up a slot is a frame", () => {
  expect(gridOf(zoomed(fitted(extent), extent, 1e9, 0), extent, 32)).toMatchObject({ level: 1, slot_us: 40_000 });
});

test("the same level has the same slots wherever one looks", () => {
  const near = zoomed(fitted(extent), extent, 20, 0);
  const far = { ...near, from_us: 30_000_000 };
  expect(gridOf(far, extent, 32).slot_us).toBe(gridOf(near, extent, 32).slot_us);
});

test("slots never begin after the end", () => {
  for (const factor of [1, 7, 50]) {
    const grid = gridOf(zoomed(fitted(extent), extent, factor, 800), extent, 32);
    expect((grid.end - 1) * grid.slot_us).toBeLessThan(extent.duration_us);
  }
});

test("only what is missing is asked for", () => {
  const known = new Set([3, 4]);
  expect(missingRuns({ first: 1, end: 8 }, (slot) => known.has(slot))).toEqual([{ first: 1, end: 3 }, { first: 5, end: 8 }]);
  expect(missingRuns({ first: 3, end: 5 }, (slot) => known.has(slot))).toEqual([]);
});

test("no strip is longer than allowed", () => {
  expect(missingRuns({ first: 0, end: 900 }, () => false).map(({ first, end }) => end - first)).toEqual([400, 400, 100]);
});
