import type { OpenStripRequest, StripFrame, Timeline, WireError } from "../../ipc";
import type { Strips } from "../../state/strips";
import type { Extent } from "./scale";
import { missingRuns, type Grid, type Run } from "./strip_grid";

export interface FilmFrame {
  at_us: number;
  image: HTMLImageElement;
}

interface OpenRun extends Run {
  level: number;
  close: () => void;
}

/** Pictures kept at most; the farthest levels go first. */
const frames_max = 600;

/** The pictures of one asset at every level looked at so far. Asks for what is missing, and stops what nobody looks at any more. */
export class Film {
  readonly #levels = new Map<number, Map<number, FilmFrame>>();
  readonly #asked = new Map<number, Set<number>>();
  #open: OpenRun[] = [];
  /** Why the last strip ended early. */
  error: WireError | null = null;

  constructor(
    private readonly strips: Strips,
    private readonly asset_id: string,
    private readonly height_px: number,
    private readonly onchange: () => void,
  ) {}

  get waiting(): boolean {
    return this.#open.length > 0;
  }

  frame = (level: number, slot: number): FilmFrame | undefined => this.#levels.get(level)?.get(slot);

  /** The known picture nearest to a moment, at whatever level. */
  nearest(at_us: number): FilmFrame | null {
    let best: FilmFrame | null = null;
    for (const frames of this.#levels.values()) {
      for (const frame of frames.values()) if (!best || Math.abs(frame.at_us - at_us) < Math.abs(best.at_us - at_us)) best = frame;
    }
    return best;
  }

  /** Looks at a part of the clip: what is out of sight stops decoding, what is missing starts. */
  look({ level, slot_us, first, end }: Grid): void {
    const left = this.#open.filter((run) => run.level !== level || run.end <= first || run.first >= end);
    for (const run of left) this.#stop(run);
    const asked = this.#asked.get(level) ?? new Set();
    this.#asked.set(level, asked);
    for (const run of missingRuns({ first, end }, (slot) => asked.has(slot) || this.frame(level, slot) !== undefined)) {
      for (let slot = run.first; slot < run.end; slot += 1) asked.add(slot);
      this.#start(level, slot_us, run);
    }
    this.#shed(level);
  }

  /** Asks again for what failed. */
  retry(grid: Grid): void {
    this.error = null;
    this.#asked.clear();
    this.look(grid);
  }

  close(): void {
    for (const run of this.#open) run.close();
    this.#open = [];
  }

  #start(level: number, slot_us: number, run: Run): void {
    const request: OpenStripRequest = {
      asset_id: this.asset_id, from_us: Math.round(run.first * slot_us), to_us: Math.round(run.end * slot_us), slots: run.end - run.first, height_px: this.height_px,
    };
    const close = this.strips.open(request, {
      frames: (frames) => {
        for (const frame of frames) this.#take(level, run.first, frame);
      },
      ended: (error) => {
        this.#open = this.#open.filter((other) => other !== open);
        if (error) {
          this.error = error;
          this.#forget(open);
        }
        this.onchange();
      },
    });
    const open: OpenRun = { ...run, level, close };
    this.#open.push(open);
  }

  #stop(run: OpenRun): void {
    run.close();
    this.#open = this.#open.filter((other) => other !== run);
    this.#forget(run);
  }

  /** What never came may be asked for again. */
  #forget(run: OpenRun): void {
    for (let slot = run.first; slot < run.end; slot += 1) if (!this.frame(run.level, slot)) this.#asked.get(run.level)?.delete(slot);
  }

  #take(level: number, first: number, { slot, at_us, url }: StripFrame): void {
    const image = new Image();
    image.onload = () => {
      const frames = this.#levels.get(level) ?? new Map<number, FilmFrame>();
      this.#levels.set(level, frames);
      frames.set(first + slot, { at_us, image });
      this.error = null;
      this.onchange();
    };
    image.src = url;
  }

  #shed(level: number): void {
    const total = () => [...this.#levels.values()].reduce((sum, frames) => sum + frames.size, 0);
    const farthest = [...this.#levels.keys()].filter((other) => other !== level).sort((a, b) => Math.abs(b - level) - Math.abs(a - level));
    for (const other of farthest) {
      if (total() <= frames_max) return;
      this.#levels.delete(other);
      this.#asked.delete(other);
    }
  }
}

export const extentOf = (timeline: Timeline, width_px: number): Extent => ({
  duration_us: timeline.duration_us, frame_us: 1_000_000 / timeline.frame_rate_fps, width_px,
});
