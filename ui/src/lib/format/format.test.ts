import { describe, expect, test } from "vitest";

import type { OptionSpec, TextRule } from "../ipc";
import { formatBytes, formatRate } from "./bytes";
import { formatClipLength, formatRelative, formatSpan } from "./duration";
import { countTags, countText, resolveText } from "./text_length";
import { readDate, readTime } from "./typed_time";
import { visibilityLabel } from "./visibility";
import { offsetLabel, resolveWall, wallAt, zoneLabel } from "./zoned";

describe("sizes", () => {
  test.each([
    [0, "0 B"],
    [999, "999 B"],
    [48_211_004, "48.2 MB"],
    [999_600, "1.00 MB"],
    [4_294_967_296, "4.29 GB"],
  ])("%i bytes read %s", (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  test("a rate is a size per second", () => expect(formatRate(2_500_000)).toBe("2.50 MB/s"));
});

describe("durations", () => {
  test.each([
    [7_400, "0:07"],
    [725_000, "12:05"],
    [3_753_000, "1:02:33"],
  ])("a clip of %i ms lasts %s", (ms, text) => expect(formatClipLength(ms)).toBe(text));

  test.each([
    [7_500_000, "2 h 5 min"],
    [45_000, "45 s"],
    [61_000, "1 min 1 s"],
    [273_600_000, "3 d 4 h"],
  ])("a span of %i ms reads %s", (ms, text) => expect(formatSpan(ms)).toBe(text));

  test("past and future are told apart", () => {
    expect(formatRelative(7_500_000, 0)).toBe("in 2 h 5 min");
    expect(formatRelative(0, 180_000)).toBe("3 min ago");
    expect(formatRelative(400, 0)).toBe("now");
  });
});

describe("wall times in named zones", () => {
  const iso = (wall: string, zone: string) => new Date(resolveWall(wall, zone)!.instant_ms).toISOString();

  test("winter and summer differ by an hour in Berlin", () => {
    expect(iso("2026-11-21T18:00:00", "Europe/Berlin")).toBe("2026-11-21T17:00:00.000Z");
    expect(iso("2026-07-21T18:00", "Europe/Berlin")).toBe("2026-07-21T16:00:00.000Z");
  });

  test("a skipped time moves forward by the gap", () => {
    expect(resolveWall("2026-03-29T02:30", "Europe/Berlin")).toEqual({
      instant_ms: Date.parse("2026-03-29T01:30:00Z"),
      kind: "skipped",
    });
  });

  test("a time that comes twice means the first one", () => {
    expect(resolveWall("2026-10-25T02:30", "Europe/Berlin")).toEqual({
      instant_ms: Date.parse("2026-10-25T00:30:00Z"),
      kind: "twice",
    });
    expect(resolveWall("2026-11-01T01:30", "America/New_York")).toEqual({
      instant_ms: Date.parse("2026-11-01T05:30:00Z"),
      kind: "twice",
    });
  });

  test("hours around a change are plain", () => {
    expect(resolveWall("2026-03-29T01:59", "Europe/Berlin")?.kind).toBe("plain");
    expect(resolveWall("2026-03-29T03:00", "Europe/Berlin")?.kind).toBe("plain");
    expect(iso("2026-03-29T03:00", "Europe/Berlin")).toBe("2026-03-29T01:00:00.000Z");
  });

  test("nonsense is no time", () => {
    for (const wall of ["2026-02-30T10:00", "2026-01-01T24:00", "tomorrow"]) {
      expect(resolveWall(wall, "UTC")).toBeNull();
    }
  });

  test("an instant finds its wall time again", () => {
    expect(wallAt(Date.parse("2026-11-21T17:00:00Z"), "Europe/Berlin")).toBe("2026-11-21T18:00:00");
    expect(wallAt(Date.parse("2026-11-21T17:00:00Z"), "Asia/Kathmandu")).toBe("2026-11-21T22:45:00");
  });

  test("zones and offsets are readable", () => {
    expect(zoneLabel("America/Argentina/Buenos_Aires")).toBe("Argentina, Buenos Aires, America");
    expect(offsetLabel(Date.parse("2026-11-21T17:00:00Z"), "America/New_York")).toBe("UTC−05:00");
  });
});

describe("typed dates and times", () => {
  test.each([
    ["2026-11-21", "2026-11-21"],
    ["1.3.2027", "2027-03-01"],
    ["31/12/2026", "2026-12-31"],
    ["2026-02-30", null],
    ["soon", null],
  ])("the date %s is %s", (typed, date) => expect(readDate(typed)).toBe(date));

  test.each([
    ["18:00", "18:00"],
    ["6pm", "18:00"],
    ["6:30 PM", "18:30"],
    ["12 am", "00:00"],
    ["0915", "09:15"],
    ["9", "09:00"],
    ["18:00:30", "18:00:30"],
    ["6:00:05 pm", "18:00:05"],
    ["18:00:61", null],
    ["25:00", null],
    ["13 pm", null],
  ])("the time %s is %s", (typed, time) => expect(readTime(typed)).toBe(time));
});

test("a visibility reads as its option labels it, and else as words", () => {
  const option: OptionSpec = {
    key: "privacy_level", label: "", help: "", required: true, default: null, depends_on: null, kind: { kind: "choice", choices: [{ value: "unlisted", label: "Unlisted" }], from_account: false },
  };
  expect(visibilityLabel("unlisted", [option])).toBe("Unlisted");
  expect(visibilityLabel("SELF_ONLY", [option], { privacy_level: [{ value: "SELF_ONLY", label: "Only me" }] })).toBe("Only me");
  expect(visibilityLabel("PUBLIC_TO_EVERYONE", [option])).toBe("Public to everyone");
});

describe("text lengths", () => {
  const family = "👩‍👩‍👧";

  test("an emoji counts as each platform counts it", () => {
    expect(countText(family, "graphemes")).toBe(1);
    expect(countText(family, "codepoints")).toBe(5);
    expect(countText(family, "utf16")).toBe(8);
    expect(countText(family, "bytes")).toBe(18);
  });

  test("tags count with commas and quotes", () => {
    expect(countTags(["a b", "cd"], "utf16")).toBe(8);
    expect(countTags([], "utf16")).toBe(0);
  });

  test("a field without text of its own takes its default", () => {
    const rule: TextRule = {
      field: "title", label: "Title", required: true, unit: "utf16", max: 100, forbidden: [], default: "first_line_of_caption",
    };
    expect(resolveText(rule, undefined, "one\ntwo")).toBe("one");
    expect(resolveText(rule, "", "one\ntwo")).toBe("");
    expect(resolveText({ ...rule, default: "caption" }, undefined, "one\ntwo")).toBe("one\ntwo");
    expect(resolveText({ ...rule, default: "empty" }, undefined, "one")).toBe("");
  });
});
