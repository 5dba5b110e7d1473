import type { Frame, Host } from "../../ipc";

/** The exact frame at a moment: one question at a time, and always about where one is now. */
export class Still {
  frame = $state.raw<Frame | null>(null);
  failed = $state(false);
  #wanted_us: number | null = null;
  #asking = false;

  constructor(
    private readonly host: Host,
    private readonly asset_id: string,
    private readonly height_px: number,
  ) {}

  want = (at_us: number): void => {
    this.#wanted_us = at_us;
    if (!this.#asking) void this.#ask();
  };

  async #ask(): Promise<void> {
    this.#asking = true;
    while (this.#wanted_us !== null) {
      const at_us = this.#wanted_us;
      this.#wanted_us = null;
      try {
        this.frame = await this.host.call("frame", { asset_id: this.asset_id, at_us: Math.round(at_us), height_px: this.height_px });
        this.failed = false;
      } catch {
        // The timeline says what is wrong with the file; here a coarser picture stays.
        this.failed = true;
      }
    }
    this.#asking = false;
  }
}
