import { expect, test } from "vitest";

import { changesOf, isUnchanged, readEdit, unchangedEdit } from "./edit_document";

const problemOf = (document: unknown, duration_us: number | null = null) => {
  const read = readEdit(typeof document === "string" ? document : JSON.stringify(document), duration_us);
  return "problem" in read ? read.problem : null;
};

test("the smallest document changes nothing", () => {
  expect(readEdit('{"version":1}')).toEqual({ edit: unchangedEdit() });
  expect(isUnchanged(unchangedEdit())).toBe(true);
  expect(changesOf(unchangedEdit())).toEqual([]);
});

test("a fit without another aspect is still no change", () => {
  expect(isUnchanged({ ...unchangedEdit(), framing: { aspect: "source", fit: "blur" } })).toBe(true);
});

test("what an edit does is told in a few words", () => {
  const edit = { ...unchangedEdit(), ranges: [{ start_us: 1, end_us: 2 }], framing: { aspect: "square" as const, fit: "blur" as const }, speed: 1.5 };
  expect(changesOf(edit)).toEqual(["trimmed", "1:1", "1.5× speed"]);
});

test("parts that are framed on their own are told", () => {
  const edit = { ...unchangedEdit(), ranges: [{ start_us: 1, end_us: 2 }, { start_us: 3, end_us: 4, fit: "blur" as const }], framing: { ...unchangedEdit().framing, aspect: "square" as const } };
  expect(changesOf(edit)).toEqual(["2 parts", "1:1 part by part"]);
  expect(readEdit(JSON.stringify(edit))).toEqual({ edit });
});

test("writing and reading gives the same document", () => {
  const edit = {
    ...unchangedEdit(), ranges: [{ start_us: 5, end_us: 9 }, { start_us: 0, end_us: 4 }], cover: { at: { at_us: 3 } },
    captions: { path: "/a.srt", burned_in: true },
  };
  expect(readEdit(JSON.stringify(edit))).toEqual({ edit });
});

test.each([
  ["no JSON", "{", "no JSON"], ["a list", [], "no JSON object"], ["another version", { version: 2 }, "version 1"], ["a stranger", { version: 1, crop: 1 }, "“crop”"],
  ["a backward range", { version: 1, ranges: [{ start_us: 9, end_us: 9 }] }, "ends before it starts"],
  ["an overlap out of order", { version: 1, ranges: [{ start_us: 5, end_us: 9 }, { start_us: 0, end_us: 6 }] }, "overlap"],
  ["an aspect", { version: 1, framing: { aspect: "3:2" } }, "aspect"], ["a fit", { version: 1, framing: { fit: { colour: { rgb: [1, 2, 256] } } } }, "fit"],
  ["a fit of a part", { version: 1, ranges: [{ start_us: 1, end_us: 2, fit: "stretch" }] }, "fit of a kept range"],
  ["a rotation", { version: 1, turn: { rotate_deg: 45 } }, "quarter turn"], ["a volume", { version: 1, sound: { volume_db: 13 } }, "volume"],
  ["a speed", { version: 1, speed: 0 }, "speed"], ["a cover", { version: 1, cover: { at: {} } }, "cover"],
])("%s is refused with its reason", (_, document, reason) => {
  expect(problemOf(document)).toContain(reason);
});

test("a range past the end is refused where the length is known", () => {
  const document = { version: 1, ranges: [{ start_us: 0, end_us: 500 }] };
  expect(problemOf(document, 400)).toContain("past the end");
  expect(problemOf(document)).toBeNull();
});
