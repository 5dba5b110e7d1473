import { expect, test } from "vitest";

import { actionFor, editorActions, pressedKey, shownKey } from "./actions";

const press = (key: string, held: Partial<Record<"ctrlKey" | "metaKey" | "altKey" | "shiftKey", boolean>> = {}) => ({
  key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held,
});

test("no two actions share a key", () => {
  const keys = editorActions.flatMap((action) => action.keys);
  expect(new Set(keys).size).toBe(keys.length);
});

test.each([
  ["i", {}, "in"], ["O", { shiftKey: false }, "out"], [" ", {}, "play"], [",", {}, "frame-back"], ["ArrowRight", { altKey: true }, "keyframe-on"],
  ["z", { ctrlKey: true }, "undo"], ["Z", { ctrlKey: true, shiftKey: true }, "redo"], ["z", { metaKey: true }, "undo"], ["+", { shiftKey: true }, "zoom-in"],
])("%s with %o runs %s", (key, held, id) => {
  expect(actionFor(press(key, held))?.id).toBe(id);
});

test("keys of other parts of the window are left alone", () => {
  for (const event of [press("k", { ctrlKey: true }), press("n"), press("g"), press("ArrowLeft"), press("Enter", { ctrlKey: true })]) expect(actionFor(event)).toBeUndefined();
});

test("a tooltip names keys as they stand on the keyboard", () => {
  expect(shownKey("Mod+Shift+z", false)).toBe("Ctrl+Shift+Z");
  expect(shownKey("Mod+z", true)).toBe("⌘+Z");
  expect(shownKey("Alt+ArrowLeft", false)).toBe("Alt+←");
  expect(shownKey("+", false)).toBe("+");
});

test("caps lock does not change the letter", () => expect(pressedKey(press("I"))).toBe("i"));
