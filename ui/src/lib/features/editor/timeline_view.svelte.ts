import { atNearness, clamped, fitted, nearness, pixelOf, revealing, zoomed, type Extent, type Scale } from "./scale";
import type { EditorSession } from "./session.svelte";

/** The part of a session's clip that is in sight. */
export class TimelineView {
  width_px = $state(0);
  #wanted = $state.raw<Scale | null>(null);

  constructor(private readonly session: EditorSession) {}

  get extent(): Extent {
    return { ...this.session.clip, width_px: Math.max(1, this.width_px) };
  }

  get scale(): Scale {
    return this.#wanted ? clamped(this.#wanted, this.extent) : fitted(this.extent);
  }

  /** All of it is in sight. */
  get whole(): boolean {
    return this.scale.us_per_px >= fitted(this.extent).us_per_px * 0.9999;
  }

  get nearness(): number {
    return nearness(this.scale, this.extent);
  }

  /** Around a pixel, or else around the playhead while that is in sight. */
  zoomBy = (factor: number, around_px: number = this.#middle()): void => {
    this.#wanted = zoomed(this.scale, this.extent, factor, around_px);
  };

  zoomTo = (share: number): void => {
    this.#wanted = atNearness(this.scale, this.extent, share, this.#middle());
  };

  fit = (): void => {
    this.#wanted = null;
  };

  scrollBy = (by_px: number): void => this.scrollTo(this.scale.from_us + by_px * this.scale.us_per_px);

  scrollTo = (from_us: number): void => {
    this.#wanted = clamped({ ...this.scale, from_us }, this.extent);
  };

  reveal = (at_us: number): void => {
    const next = revealing(this.scale, this.extent, at_us);
    if (next !== this.scale && !this.whole) this.#wanted = next;
  };

  #middle(): number {
    const x = pixelOf(this.scale, this.session.playhead_us);
    return x >= 0 && x <= this.width_px ? x : this.width_px / 2;
  }
}
