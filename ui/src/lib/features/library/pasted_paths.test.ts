import { expect, test } from "vitest";

import { pastedPaths } from "./pasted_paths";

test.each([
  ["file:///home/ada/first%20wave.mp4\r\nfile:///home/ada/%C3%BCber.mov", ["/home/ada/first wave.mp4", "/home/ada/über.mov"]],
  ["copy\nfile:///a.mp4", ["/a.mp4"]],
  ["/home/ada/a.mp4", ["/home/ada/a.mp4"]],
  ["C:\\Clips\\a.mp4", ["C:\\Clips\\a.mp4"]],
  ["just some words", []],
  ["", []],
])("a paste of %j holds %j", (text, paths) => expect(pastedPaths(text)).toEqual(paths));
