import { neighbour } from "./snapping";

interface Slider {
  at_us: number;
  min_us: number;
  max_us: number;
  frame_us: number;
  keyframes_us: readonly number[];
}

type Pressed = Pick<KeyboardEvent, "key" | "shiftKey" | "altKey" | "ctrlKey" | "metaKey">;

const second_us = 1_000_000;

/** Where a key takes a slider of time: a frame, a second with Shift, a keyframe with Alt; null when it is no such key. */
export function sliderTarget({ key, shiftKey, altKey, ctrlKey, metaKey }: Pressed, { at_us, min_us, max_us, frame_us, keyframes_us }: Slider): number | null {
  if (ctrlKey || metaKey) return null;
  const within = (wanted_us: number) => Math.min(Math.max(wanted_us, min_us), max_us);
  const direction = key === "ArrowLeft" || key === "ArrowDown" ? -1 : key === "ArrowRight" || key === "ArrowUp" ? 1 : null;
  if (direction !== null) {
    if (altKey) return within(neighbour(keyframes_us, at_us, direction, frame_us) ?? at_us);
    return within(shiftKey ? at_us + direction * second_us : (Math.round(at_us / frame_us) + direction) * frame_us);
  }
  if (altKey) return null;
  if (key === "PageDown") return within(at_us - 5 * second_us);
  if (key === "PageUp") return within(at_us + 5 * second_us);
  if (key === "Home") return min_us;
  return key === "End" ? max_us : null;
}
