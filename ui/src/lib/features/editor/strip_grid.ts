import { timeAt, type Extent, type Scale } from "./scale";

/** A level of the filmstrip: slots of one length, numbered from the start of the clip. */
export interface Grid {
  /** Frames in a slot: 1, 2, 3, 4, 6, 8, 12 and so on. */
  level: number;
  slot_us: number;
  /** First slot in sight and the one after the last. */
  first: number;
  end: number;
}

export interface Run {
  first: number;
  end: number;
}

const margin_slots = 2;
const slots_max = 400;

/** 1, 2, 3, 4, 6, 8, 12 …: never more than half as long again as what is wanted. */
function levelFor(frames: number): number {
  const power = 2 ** Math.max(0, Math.ceil(Math.log2(frames) - 1e-9));
  return power >= 4 && power * 0.75 >= frames - 1e-9 ? power * 0.75 : power;
}

/** The finest level whose slots are at least as wide as a picture. */
export function gridOf(scale: Scale, extent: Extent, picture_px: number): Grid {
  const level = levelFor((picture_px * scale.us_per_px) / extent.frame_us);
  const slot_us = extent.frame_us * level;
  const total = Math.max(1, Math.ceil(extent.duration_us / slot_us - 1e-6));
  const first = Math.max(0, Math.floor(scale.from_us / slot_us) - margin_slots);
  const end = Math.min(total, Math.ceil(timeAt(scale, extent.width_px) / slot_us) + margin_slots);
  return { level, slot_us, first, end };
}

/** Runs of slots in sight that nobody has asked for yet, none longer than a strip may be. */
export function missingRuns({ first, end }: Run, has: (slot: number) => boolean): Run[] {
  const runs: Run[] = [];
  for (let slot = first; slot < end; slot += 1) {
    if (has(slot)) continue;
    const last = runs.at(-1);
    if (last && last.end === slot && last.end - last.first < slots_max) last.end = slot + 1;
    else runs.push({ first: slot, end: slot + 1 });
  }
  return runs;
}
