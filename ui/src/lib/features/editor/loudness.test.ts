import { expect, test } from "vitest";

import { gainAt } from "./loudness";

const sound = { muted: false, volume_db: 0, fade_in_ms: 0, fade_out_ms: 0, normalise: false, track: null };

test("an untouched sound stays as it is, a muted one is gone", () => {
  expect(gainAt(sound, 5, 10)).toBe(1);
  expect(gainAt({ ...sound, muted: true, volume_db: 12 }, 5, 10)).toBe(0);
});

test("six decibels are about twice, or half", () => {
  expect(gainAt({ ...sound, volume_db: 6 }, 5, 10)).toBeCloseTo(2, 1);
  expect(gainAt({ ...sound, volume_db: -6 }, 5, 10)).toBeCloseTo(0.5, 1);
});

test("fades rise from nothing and end in nothing", () => {
  const faded = { ...sound, fade_in_ms: 1000, fade_out_ms: 2000 };
  expect([0, 500_000, 1_000_000, 5_000_000, 9_000_000, 10_000_000].map((at) => gainAt(faded, at, 10_000_000))).toEqual([0, 0.5, 1, 1, 0.5, 0]);
});
