import { expect, test } from "vitest";

import { unwished, wished } from "./wishes";

test("one wish leaves the others as they are", () => {
  expect(wished(null, { encode: "never" })).toEqual({ ...unwished, encode: "never" });
  expect(wished({ ...unwished, encode: "never" }, { quality: "best" })).toEqual({ ...unwished, encode: "never", quality: "best" });
});

test("a wish that is taken back leaves no trace", () => {
  expect(wished({ ...unwished, quality: "smaller" }, { quality: "standard" })).toBeNull();
  expect(wished(null, {})).toBeNull();
});
