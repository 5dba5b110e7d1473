import { expect, test } from "vitest";

import type { OptionRule, OptionSpec } from "../../ipc";
import { isShown, refusedChoices } from "./option_rules";

const rule: OptionRule = {
  kind: "excludes", when: { option: "branded_content", value: true }, option: "privacy_level", value: "SELF_ONLY", message: "Not private.",
};

test("a choice is refused only while its rule holds", () => {
  expect([...refusedChoices("privacy_level", [rule], { branded_content: true }).keys()]).toEqual(["SELF_ONLY"]);
  expect(refusedChoices("privacy_level", [rule], { branded_content: false }).size).toBe(0);
  expect(refusedChoices("allow_duet", [rule], { branded_content: true }).size).toBe(0);
});

test("a dependent option shows only while what it hangs on holds", () => {
  const option: OptionSpec = {
    key: "your_brand", label: "", help: "", kind: { kind: "toggle" }, required: false, default: false,
    depends_on: { option: "disclose_commercial", value: true },
  };
  expect(isShown(option, {})).toBe(false);
  expect(isShown(option, { disclose_commercial: true })).toBe(true);
});
