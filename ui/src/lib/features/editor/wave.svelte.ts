import type { Host, Waveform } from "../../ipc";
import { timeAt, type Extent, type Scale } from "./scale";

export interface Heard extends Waveform {
  from_us: number;
  to_us: number;
  /** As asked; fewer have come while it is not complete. */
  count: number;
  /** As the edit named it when it was asked. */
  track: number | null;
}

const buckets_max = 4096;
const rest_ms = 90;

/** How loud the part in sight is, with room to both sides, asked anew when the view has come to rest. */
export class Wave {
  heard = $state.raw<Heard | null>(null);
  failed = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;
  #again: (() => void) | null = null;
  readonly #stop: () => void;

  constructor(
    private readonly host: Host,
    private readonly asset_id: string,
    /** The audio track that the edit chooses; null is the main one. */
    private readonly track: () => number | null,
  ) {
    this.#stop = host.on("timeline_changed", (event) => {
      if (event.asset_id === asset_id && !this.heard?.complete) this.#again?.();
    });
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#stop();
  }

  look = (scale: Scale, extent: Extent): void => {
    if (extent.width_px < 2) return;
    const view_us = extent.width_px * scale.us_per_px;
    const from_us = Math.round(Math.max(0, scale.from_us - view_us / 2));
    const to_us = Math.round(Math.min(extent.duration_us, timeAt(scale, extent.width_px) + view_us / 2));
    const count = Math.min(buckets_max, Math.max(1, Math.round((to_us - from_us) / scale.us_per_px)));
    const heard = this.heard;
    const track = this.track();
    if (heard?.track === track && covers(heard, scale, extent, count / (to_us - from_us))) return;
    this.#again = () => void this.#ask(from_us, to_us, count, track);
    clearTimeout(this.#timer);
    if (heard) this.#timer = setTimeout(this.#again, rest_ms);
    else this.#again();
  };

  async #ask(from_us: number, to_us: number, count: number, track: number | null): Promise<void> {
    const turn = (this.#asked += 1);
    try {
      const waveform = await this.host.call("waveform", { asset_id: this.asset_id, from_us, to_us, buckets: count, track });
      if (turn !== this.#asked) return;
      this.heard = { ...waveform, from_us, to_us, count, track };
      this.failed = false;
    } catch {
      this.failed = true;
    }
  }
}

/** Whether what was heard is fine enough for what is in sight. */
function covers(heard: Heard, scale: Scale, extent: Extent, perUs: number): boolean {
  const end_us = Math.min(extent.duration_us, timeAt(scale, extent.width_px));
  const fine = heard.count / (heard.to_us - heard.from_us);
  return heard.from_us <= scale.from_us + 1 && heard.to_us >= end_us - 1 && fine >= perUs * 0.6 && fine <= perUs * 3;
}
