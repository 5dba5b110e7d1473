import { expect, test } from "vitest";

import { begun, recorded, redone, settled, undone, type History } from "./history";

const made = (...values: number[]): History<number> => values.reduce((history, value) => recorded(history, value, `to ${value}`), begun(0));

test("undo goes back step by step, redo forward again", () => {
  let history = made(1, 2, 3);
  history = undone(undone(history));
  expect(history.present).toBe(1);
  expect(history.future.map((step) => step.label)).toEqual(["to 2", "to 3"]);
  expect(redone(redone(history)).present).toBe(3);
});

test("a change after undo forgets what could have been redone", () => {
  const history = recorded(undone(made(1, 2)), 9, "to 9");
  expect(redone(history)).toBe(history);
  expect(undone(history).present).toBe(1);
});

test("a drag is one step, however often it moves", () => {
  let history = begun(0);
  for (const value of [1, 2, 3]) history = recorded(history, value, "Trim", "drag-1");
  expect(undone(history).present).toBe(0);
});

test("a second drag of the same handle is a second step", () => {
  let history = recorded(begun(0), 1, "Trim", "drag");
  history = recorded(settled(history), 2, "Trim", "drag");
  expect(undone(history).present).toBe(1);
});

test("a change that changes nothing is no step", () => {
  const history = made(1);
  expect(recorded(history, 1, "again")).toBe(history);
});

test("there is nothing before the beginning and nothing after the end", () => {
  const history = made(1);
  expect(redone(history)).toBe(history);
  expect(undone(undone(history))).toEqual(undone(history));
});

test("it does not grow without end", () => {
  const history = made(...Array.from({ length: 500 }, (_, index) => index + 1));
  expect(history.past).toHaveLength(200);
  expect(undone(history).present).toBe(499);
});
