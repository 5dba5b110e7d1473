import { expect, test } from "vitest";

import { formatTimecode, readTimecode } from "./timecode";

const frame_us = 40_000;

test.each([
  [0, 0, "0:00.000"],
  [7_433_333, 34_000_000, "0:07.433"],
  [65_000_000, 7_200_000_000, "0:01:05.000"],
  [3_753_040_000, 7_200_000_000, "1:02:33.040"],
])("%i µs of %i µs is shown as %s", (at_us, whole_us, shown) => {
  expect(formatTimecode(at_us, whole_us)).toBe(shown);
});

test.each([
  ["7", 7_000_000], ["7.5", 7_500_000], ["7,5", 7_500_000], [".25", 250_000], ["1:02.5", 62_500_000], ["1:02:03", 3_723_000_000],
  ["90:00", 5_400_000_000], ["120f", 4_800_000], ["+0.5", 10_500_000], ["-12f", 9_520_000], ["-1:00", 0], [" 0:07.433 ", 7_433_000],
])("%s is read as %i µs", (text, at_us) => {
  expect(readTimecode(text, { from_us: 10_000_000, frame_us })).toBe(at_us);
});

test.each(["", "abc", "1:60", "1:2:3:4", "1.2.3", "--1", "f", "12 s", ":"])("%s is no time", (text) => {
  expect(readTimecode(text, { from_us: 0, frame_us })).toBeNull();
});

test("what is shown is read back to the millisecond", () => {
  for (const at_us of [0, 1000, 59_999_000, 3_599_999_000, 7_261_042_000]) expect(readTimecode(formatTimecode(at_us), { from_us: 0, frame_us })).toBe(at_us);
});
