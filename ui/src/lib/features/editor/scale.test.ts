import { expect, test } from "vitest";

import { atNearness, clamped, fitted, nearness, pixelOf, revealing, ticks, timeAt, zoomed, type Extent } from "./scale";

const clip: Extent = { duration_us: 60_000_000, frame_us: 33_333, width_px: 600 };
const film: Extent = { duration_us: 7_200_000_000, frame_us: 33_333, width_px: 900 };
const blink: Extent = { duration_us: 66_666, frame_us: 33_333, width_px: 900 };

test("the whole clip fits", () => {
  const scale = fitted(clip);
  expect(pixelOf(scale, 0)).toBe(0);
  expect(pixelOf(scale, clip.duration_us)).toBe(600);
});

test("a moment and its pixel lead to each other", () => {
  const scale = { from_us: 1_234_567, us_per_px: 789 };
  expect(timeAt(scale, pixelOf(scale, 5_000_000))).toBeCloseTo(5_000_000);
});

test("zooming keeps the moment under the pointer where it is", () => {
  const before = { from_us: 10_000_000, us_per_px: 20_000 };
  const after = zoomed(before, clip, 3, 250);
  expect(timeAt(after, 250)).toBeCloseTo(timeAt(before, 250));
  expect(after.us_per_px).toBeCloseTo(20_000 / 3);
});

test("one zooms no farther out than the clip and no nearer than a frame", () => {
  expect(zoomed(fitted(clip), clip, 0.1, 100)).toEqual(fitted(clip));
  expect(clip.frame_us / zoomed(fitted(clip), clip, 1e9, 100).us_per_px).toBeCloseTo(160);
  expect(film.frame_us / zoomed(fitted(film), film, 1e9, 100).us_per_px).toBeCloseTo(160);
});

test("a clip of two frames cannot be zoomed past what already shows single frames", () => {
  expect(zoomed(fitted(blink), blink, 10, 0)).toEqual(fitted(blink));
});

test("the view never leaves the clip", () => {
  expect(clamped({ from_us: -5, us_per_px: 1000 }, clip).from_us).toBe(0);
  expect(clamped({ from_us: 1e12, us_per_px: 1000 }, clip).from_us).toBe(60_000_000 - 600_000);
});

test("a moment out of sight is brought in, one in sight moves nothing", () => {
  const scale = { from_us: 10_000_000, us_per_px: 1000 };
  expect(revealing(scale, clip, 10_300_000)).toBe(scale);
  expect(pixelOf(revealing(scale, clip, 20_000_000), 20_000_000)).toBeCloseTo(568);
  expect(pixelOf(revealing(scale, clip, 2_000_000), 2_000_000)).toBeCloseTo(32);
});

test("nearness runs from the whole clip to single frames and back", () => {
  expect(nearness(fitted(film), film)).toBe(0);
  expect(nearness(atNearness(fitted(film), film, 1, 0), film)).toBeCloseTo(1);
  expect(nearness(atNearness(fitted(film), film, 0.4, 300), film)).toBeCloseTo(0.4);
});

test.each([["a clip", clip], ["a film", film], ["a blink", blink]] as const)("labels on the ruler of %s do not touch at any zoom", (_, extent) => {
  for (const share of [0, 0.2, 0.5, 0.8, 1]) {
    const scale = atNearness(fitted(extent), extent, share, 0);
    const labels = ticks(scale, extent).filter((tick) => tick.labelled).map((tick) => pixelOf(scale, tick.at_us));
    expect(labels.length).toBeGreaterThan(0);
    for (const [index, x] of labels.entries()) if (index > 0) expect(x - labels[index - 1]!).toBeGreaterThanOrEqual(83.9);
  }
});
