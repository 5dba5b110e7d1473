import { expect, it } from "vitest";

import { clockOf, megabytesOf, minuteOf, rateOf } from "./limit_hours";

it("reads back what it writes", () => {
  for (const minute of [0, 9, 570, 1439]) expect(minuteOf(clockOf(minute), -1)).toBe(minute);
  for (const rate of [10_000, 500_000, 2_500_000]) expect(rateOf(megabytesOf(rate))).toBe(rate);
});

it("takes an empty limit as none, and an empty time as no change", () => {
  expect(rateOf("")).toBeNull();
  expect(megabytesOf(null)).toBe("");
  expect(minuteOf("", 540)).toBe(540);
});
