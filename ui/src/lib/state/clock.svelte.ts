/** The present, once a second while the window is looked at. Countdowns read it. */
export class Clock {
  now_ms = $state(Date.now());
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    document.addEventListener("visibilitychange", () => this.#tick());
    this.#tick();
  }

  #tick = (): void => {
    clearTimeout(this.#timer);
    if (document.visibilityState === "hidden") return;
    this.now_ms = Date.now();
    this.#timer = setTimeout(this.#tick, 1000 - (this.now_ms % 1000));
  };
}
