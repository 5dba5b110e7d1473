import { expect, test } from "vitest";

import type { Events, Host, OpenStripRequest, StripFrame } from "../ipc";
import { Strips } from "./strips";

const request: OpenStripRequest = { asset_id: "a", from_us: 0, to_us: 100, slots: 4, height_px: 40 };
const frame = (slot: number): StripFrame => ({ slot, at_us: slot, url: `frame-${slot}` });

/** A host whose answers are given by hand. */
function stage() {
  let tell: (event: Events["strip_frames"]) => void = () => undefined;
  const answers: ((id: string) => void)[] = [];
  const closed: string[] = [];
  const host = {
    kind: "fake",
    on: (_: string, handler: typeof tell) => ((tell = handler), () => undefined),
    call: (name: string, given: { strip_id: string }) => {
      if (name === "close_strip") return (closed.push(given.strip_id), Promise.resolve());
      return new Promise((resolve) => answers.push((strip_id) => resolve({ strip_id })));
    },
  } as unknown as Host;
  const seen: (number | string)[] = [];
  const listener = { frames: (frames: StripFrame[]) => void seen.push(...frames.map(({ slot }) => slot)), ended: () => void seen.push("end") };
  const emit = (strip_id: string, slots: number[], complete = false) => tell({ strip_id, frames: slots.map(frame), complete, error: null });
  return { strips: new Strips(host), listener, seen, closed, emit, answer: async (id: string) => { answers.shift()!(id); await new Promise((resolve) => setTimeout(resolve)); } };
}

test("frames that arrive before the answer are not lost", async () => {
  const { strips, listener, seen, emit, answer } = stage();
  strips.open(request, listener);
  emit("s1", [0]);
  emit("other", [9]);
  await answer("s1");
  emit("s1", [2], true);
  expect(seen).toEqual([0, 2, "end"]);
});

test("a strip closed before its answer is closed as soon as it is known", async () => {
  const { strips, listener, seen, closed, emit, answer } = stage();
  const close = strips.open(request, listener);
  close();
  emit("s1", [0]);
  await answer("s1");
  expect([seen, closed]).toEqual([[], ["s1"]]);
});

test("closing twice, or after the end, tells the core nothing", async () => {
  const { strips, listener, closed, emit, answer } = stage();
  const close = strips.open(request, listener);
  await answer("s1");
  emit("s1", [], true);
  close();
  close();
  expect(closed).toEqual([]);
});
