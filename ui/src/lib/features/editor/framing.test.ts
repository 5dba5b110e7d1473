import { expect, test } from "vitest";

import type { Framing, Turn } from "../../ipc";
import { fillWindow, hexOf, lostShare, movedWindow, ratioOf, rgbOf, turnedPoint, turnedSize, uprightPoint, windowAround } from "./framing";

const landscape = { width: 1920, height: 1080 };
const portrait = { width: 1080, height: 1920 };
const upright: Turn = { rotate_deg: 0, mirrored: false };
const fill = (centre_x: number, centre_y: number): Framing => ({ aspect: "portrait_9_16", fit: { fill: { centre_x, centre_y } } });
const centreOf = (framing: Framing) => (framing.fit !== "blur" && "fill" in framing.fit ? framing.fit.fill : null);

test("a portrait window of a landscape picture is as high as it and stays inside", () => {
  const middle = windowAround(landscape, 9 / 16, { x: 0.5, y: 0.5 });
  expect(middle).toMatchObject({ y: 0, height: 1 });
  expect(middle.width).toBeCloseTo(0.3164, 3);
  expect(windowAround(landscape, 9 / 16, { x: 0, y: 0.5 }).x).toBe(0);
  expect(windowAround(landscape, 9 / 16, { x: 1, y: 0.5 }).x).toBeCloseTo(1 - middle.width);
});

test("the window has the aspect that was asked for", () => {
  for (const ratio of [9 / 16, 1, 4 / 5, 16 / 9]) {
    for (const picture of [landscape, portrait]) {
      const window = windowAround(picture, ratio, { x: 0.3, y: 0.8 });
      expect((window.width * picture.width) / (window.height * picture.height)).toBeCloseTo(ratio);
      expect(Math.max(window.width, window.height)).toBe(1);
    }
  }
});

test("moving stops at the edge and starts from where the window really stands", () => {
  const atEdge = movedWindow(fill(0, 0.5), upright, landscape, { x: -0.2, y: 0.3 });
  expect(centreOf(atEdge)).toEqual({ centre_x: 0.1582, centre_y: 0.5 });
  expect(centreOf(movedWindow(atEdge, upright, landscape, { x: 0.1, y: 0 }))).toEqual({ centre_x: 0.2582, centre_y: 0.5 });
});

test("a fitted picture has no window to move", () => {
  const framing: Framing = { aspect: "square", fit: "blur" };
  expect(movedWindow(framing, upright, landscape, { x: 0.1, y: 0.1 })).toBe(framing);
  expect(lostShare(framing, upright, landscape)).toBe(0);
});

test("what a crop cuts off is told", () => {
  expect(lostShare(fill(0.5, 0.5), upright, landscape)).toBeCloseTo(0.684, 3);
  expect(lostShare(fill(0.5, 0.5), upright, portrait)).toBeCloseTo(0);
  expect(lostShare(fill(0.5, 0.5), { rotate_deg: 90, mirrored: false }, landscape)).toBeCloseTo(0);
});

test("a quarter turn exchanges the sides, and the source's own aspect follows", () => {
  const turned = turnedSize(landscape, { rotate_deg: 270, mirrored: false });
  expect(turned).toEqual(portrait);
  expect(ratioOf("source", turned)).toBeCloseTo(9 / 16);
  expect(turnedSize(landscape, { rotate_deg: 180, mirrored: true })).toEqual(landscape);
});

test("turning clockwise takes the top left corner to the top right, and back", () => {
  const corner = { x: 0, y: 0 };
  expect(turnedPoint(corner, { rotate_deg: 90, mirrored: false })).toEqual({ x: 1, y: 0 });
  expect(turnedPoint(corner, { rotate_deg: 90, mirrored: true })).toEqual({ x: 0, y: 0 });
  for (const rotate_deg of [0, 90, 180, 270]) {
    for (const mirrored of [false, true]) {
      const there = turnedPoint({ x: 0.2, y: 0.7 }, { rotate_deg, mirrored });
      const back = uprightPoint(there, { rotate_deg, mirrored });
      expect(back.x).toBeCloseTo(0.2);
      expect(back.y).toBeCloseTo(0.7);
    }
  }
});

test("the centre is kept in the upright picture: the same subject stays in the window when the video is turned", () => {
  const turn: Turn = { rotate_deg: 180, mirrored: false };
  expect(fillWindow(fill(0.2, 0.5), turn, landscape)!.x).toBeCloseTo(1 - 0.2 - 0.3164 / 2, 3);
  const moved = movedWindow(fill(0.5, 0.5), turn, landscape, { x: 0.1, y: 0 });
  expect(centreOf(moved)).toEqual({ centre_x: 0.4, centre_y: 0.5 });
});

test("a colour survives being picked", () => expect(rgbOf(hexOf([0, 16, 255]))).toEqual([0, 16, 255]));
