import type { Aspect, Fit, Framing, Turn } from "../../ipc";

export interface Size {
  width: number;
  height: number;
}

/** A part of the picture in shares of its width and height. */
export interface Window {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Point {
  x: number;
  y: number;
}

export type FitKind = "fill" | "blur" | "colour";

export const fitKind = (fit: Fit): FitKind => (fit === "blur" ? "blur" : "fill" in fit ? "fill" : "colour");

const ratios: Record<Exclude<Aspect, "source">, number> = { portrait_9_16: 9 / 16, square: 1, portrait_4_5: 4 / 5, landscape_16_9: 16 / 9 };

/** The picture as it stands after the turn. */
export const turnedSize = ({ width, height }: Size, { rotate_deg }: Turn): Size =>
  rotate_deg % 180 === 0 ? { width, height } : { width: height, height: width };

/** Where a point of the upright picture lies after the turn: rotated clockwise, then mirrored. */
export function turnedPoint({ x, y }: Point, { rotate_deg, mirrored }: Turn): Point {
  const rotated = rotate_deg === 90 ? { x: 1 - y, y: x } : rotate_deg === 180 ? { x: 1 - x, y: 1 - y } : rotate_deg === 270 ? { x: y, y: 1 - x } : { x, y };
  return mirrored ? { x: 1 - rotated.x, y: rotated.y } : rotated;
}

/** Where a point of the turned picture lies in the upright one. */
export function uprightPoint({ x, y }: Point, { rotate_deg, mirrored }: Turn): Point {
  return turnedPoint(mirrored ? { x: 1 - x, y } : { x, y }, { rotate_deg: (360 - rotate_deg) % 360, mirrored: false });
}

/** Width to height of what is sent; `turned` is the picture after the turn. */
export const ratioOf = (aspect: Aspect, turned: Size): number => (aspect === "source" ? turned.width / turned.height : ratios[aspect]);

/** The largest window of that aspect around a centre, moved back inside where it would stand over. */
export function windowAround(picture: Size, ratio: number, centre: Point): Window {
  const own = picture.width / picture.height;
  const width = Math.min(1, ratio / own);
  const height = Math.min(1, own / ratio);
  const within = (middle: number, length: number) => Math.min(Math.max(middle - length / 2, 0), 1 - length);
  return { x: within(centre.x, width), y: within(centre.y, height), width, height };
}

/** What a fill shows of the turned picture; null for a fit, which shows all of it. */
export function fillWindow({ aspect, fit }: Framing, turn: Turn, upright: Size): Window | null {
  if (fit === "blur" || !("fill" in fit)) return null;
  const turned = turnedSize(upright, turn);
  return windowAround(turned, ratioOf(aspect, turned), turnedPoint({ x: fit.fill.centre_x, y: fit.fill.centre_y }, turn));
}

/** The window moved by shares of the turned picture, no farther than it can go. */
export function movedWindow(framing: Framing, turn: Turn, upright: Size, by: Point): Framing {
  const now = fillWindow(framing, turn, upright);
  if (!now) return framing;
  const turned = turnedSize(upright, turn);
  const wanted = { x: now.x + now.width / 2 + by.x, y: now.y + now.height / 2 + by.y };
  const next = windowAround(turned, ratioOf(framing.aspect, turned), wanted);
  const centre = uprightPoint({ x: next.x + next.width / 2, y: next.y + next.height / 2 }, turn);
  const rounded = (share: number) => Math.round(share * 10_000) / 10_000;
  return { ...framing, fit: { fill: { centre_x: rounded(centre.x), centre_y: rounded(centre.y) } } };
}

/** How much of the picture the framing cuts off, 0 to 1. */
export function lostShare(framing: Framing, turn: Turn, upright: Size): number {
  const window = framing.aspect === "source" ? null : fillWindow(framing, turn, upright);
  return window ? 1 - window.width * window.height : 0;
}

export const hexOf = (rgb: readonly number[]): string => `#${rgb.map((part) => part.toString(16).padStart(2, "0")).join("")}`;

export const rgbOf = (hex: string): [number, number, number] => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as [number, number, number];
