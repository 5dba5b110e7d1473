import { describe, expect, test } from "vitest";

import { edgeLimits, editedTime, joined, keptOf, lengthOf, moved, playsNext, rangeAt, restored, sourceTime, split, trimmed, without, written } from "./ranges";

const clip = { duration_us: 10_000, frame_us: 100 };
const range = (start_us: number, end_us: number) => ({ start_us, end_us });
const three = [range(0, 2000), range(3000, 5000), range(6000, 10_000)];

describe("an empty list", () => {
  test("keeps everything", () => expect(keptOf([], clip)).toEqual([range(0, 10_000)]));
  test("is how everything is written", () => {
    expect(written([range(0, 10_000)], clip)).toEqual([]);
    expect(written([range(0, 9_970)], clip)).toEqual([]);
    expect(written([range(0, 9_900)], clip)).toEqual([range(0, 9_900)]);
    expect(written([range(100, 10_000)], clip)).toEqual([range(100, 10_000)]);
  });
});

describe("trimming", () => {
  test("moves one edge only", () => expect(trimmed(three, 1, "start_us", 3500, clip)).toEqual([three[0], range(3500, 5000), three[2]]));
  test("stops at the neighbour", () => {
    expect(trimmed(three, 1, "start_us", 500, clip)[1]).toEqual(range(2000, 5000));
    expect(trimmed(three, 1, "end_us", 9000, clip)[1]).toEqual(range(3000, 6000));
  });
  test("leaves a frame", () => {
    expect(trimmed(three, 1, "start_us", 9000, clip)[1]).toEqual(range(4900, 5000));
    expect(trimmed(three, 1, "end_us", 0, clip)[1]).toEqual(range(3000, 3100));
  });
  test("stops at the ends of the clip", () => {
    expect(edgeLimits(three, 0, "start_us", clip)[0]).toBe(0);
    expect(edgeLimits(three, 2, "end_us", clip)[1]).toBe(10_000);
  });
  test("minds neighbours of the source, not of the play order", () => {
    const turned = [three[2]!, three[0]!];
    expect(trimmed(turned, 1, "end_us", 9000, clip)[1]).toEqual(range(0, 6000));
  });
});

describe("splitting", () => {
  test("leaves both parts and loses nothing", () => {
    const parts = split(three, 4000, clip)!;
    expect(parts).toEqual([three[0], range(3000, 4000), range(4000, 5000), three[2]]);
    expect(lengthOf(parts)).toBe(lengthOf(three));
  });
  test("is not possible where nothing is kept or at an edge", () => {
    expect(split(three, 2500, clip)).toBeNull();
    expect(split(three, 3000, clip)).toBeNull();
    expect(split(three, 4980, clip)).toBeNull();
  });
});

describe("joining", () => {
  test("undoes a split", () => expect(joined(split(three, 4000, clip)!, 1)).toEqual(three));
  test("keeps what lay between", () => expect(joined(three, 0)).toEqual([range(0, 5000), three[2]]));
  test("is not possible backwards, over another range, or at the end", () => {
    expect(joined([three[1]!, three[0]!], 0)).toBeNull();
    expect(joined([three[0]!, three[2]!, three[1]!], 0)).toBeNull();
    expect(joined(three, 2)).toBeNull();
  });
});

test("the last range cannot be removed", () => {
  expect(without(three, 1)).toEqual([three[0], three[2]]);
  expect(without([three[0]!], 0)).toBeNull();
});

test("what was removed can be kept again, between its neighbours", () => {
  expect(restored(three, 2500, clip)).toEqual([three[0], range(2000, 3000), three[1], three[2]]);
  expect(restored([range(3000, 5000)], 9000, clip)).toEqual([range(3000, 5000), range(5000, 10_000)]);
  expect(restored(three, 100, clip)).toBeNull();
});

test("ranges change places, but not past the ends", () => {
  expect(moved(three, 1, -1)).toEqual([three[1], three[0], three[2]]);
  expect(moved(three, 0, -1)).toBeNull();
  expect(moved(three, 2, 1)).toBeNull();
});

describe("time of the source and of the edit", () => {
  test("a removed moment has no time in the edit", () => expect(editedTime(three, 2500)).toBeNull());
  test("lead to each other wherever something is kept, in any order", () => {
    for (const order of [three, [three[2]!, three[0]!, three[1]!]]) {
      for (const at_us of [0, 1999, 3000, 4999, 6000, 9999]) expect(sourceTime(order, editedTime(order, at_us)!)).toBe(at_us);
    }
  });
  test("past the end of the edit is the end", () => expect(sourceTime(three, 1e9)).toBe(10_000));
});

describe("playing", () => {
  test("goes on inside a range", () => expect(playsNext(three, 3500, 1)).toEqual({ at_us: 3500, index: 1 }));
  test("skips what was removed", () => expect(playsNext(three, 2000, 0)).toEqual({ at_us: 3000, index: 1 }));
  test("ends after the last range", () => expect(playsNext(three, 10_000, 2)).toBeNull());
  test("follows the play order", () => expect(playsNext([three[2]!, three[0]!], 10_000, 0)).toEqual({ at_us: 0, index: 1 }));
  test("from a removed part, starts with what comes next", () => {
    expect(playsNext(three, 2500, -1)).toEqual({ at_us: 3000, index: 1 });
    expect(playsNext([range(0, 100)], 2500, -1)).toBeNull();
  });
  test("two ranges that touch are played through", () => expect(playsNext([range(0, 500), range(500, 900)], 500, 0)).toEqual({ at_us: 500, index: 1 }));
});

test("an end belongs to the next range", () => {
  expect(rangeAt([range(0, 500), range(500, 900)], 500)).toBe(1);
  expect(rangeAt(three, 2000)).toBe(-1);
});
