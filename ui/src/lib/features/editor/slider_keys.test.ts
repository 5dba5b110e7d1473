import { expect, test } from "vitest";

import { sliderTarget } from "./slider_keys";

const slider = { at_us: 3_000_000, min_us: 1_000_000, max_us: 9_000_000, frame_us: 40_000, keyframes_us: [0, 2_000_000, 4_000_000] };
const press = (key: string, held = {}) => ({ key, shiftKey: false, altKey: false, ctrlKey: false, metaKey: false, ...held });

test.each([
  ["ArrowRight", {}, 3_040_000], ["ArrowLeft", {}, 2_960_000], ["ArrowUp", {}, 3_040_000], ["ArrowLeft", { shiftKey: true }, 2_000_000],
  ["ArrowRight", { altKey: true }, 4_000_000], ["ArrowLeft", { altKey: true }, 2_000_000], ["PageUp", {}, 8_000_000], ["PageDown", {}, 1_000_000],
  ["Home", {}, 1_000_000], ["End", {}, 9_000_000],
])("%s with %o goes to %i µs", (key, held, at_us) => {
  expect(sliderTarget(press(key, held), slider)).toBe(at_us);
});

test("it lands on frames, also from between two", () => expect(sliderTarget(press("ArrowRight"), { ...slider, at_us: 3_010_000 })).toBe(3_040_000));

test("other keys are not its own", () => {
  for (const event of [press("i"), press("Tab"), press("ArrowLeft", { ctrlKey: true }), press("Home", { altKey: true })]) expect(sliderTarget(event, slider)).toBeNull();
});
