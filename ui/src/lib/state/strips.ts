import { toWireError, type Events, type Host, type OpenStripRequest, type StripFrame, type WireError } from "../ipc";

export interface StripListener {
  frames(frames: StripFrame[]): void;
  /** No more frames will come. */
  ended(error: WireError | null): void;
}

/** Asks for runs of small pictures and hands them to whoever asked, as they are decoded. */
export class Strips {
  readonly #listeners = new Map<string, StripListener>();
  /** What arrived before the answer that names its strip. */
  readonly #early = new Map<string, Events["strip_frames"][]>();
  #opening = 0;

  constructor(private readonly host: Host) {
    host.on("strip_frames", (event) => {
      const listener = this.#listeners.get(event.strip_id);
      if (listener) this.#tell(listener, event);
      else if (this.#opening > 0) this.#early.set(event.strip_id, [...(this.#early.get(event.strip_id) ?? []), event]);
    });
  }

  /** Starts a strip; the returned function stops its decoding, at any time and as often as one likes. */
  open = (request: OpenStripRequest, listener: StripListener): (() => void) => {
    let strip_id: string | null = null;
    let closed = false;
    const close = (id: string) => {
      this.#listeners.delete(id);
      // A strip that cannot be closed has ended by itself.
      void this.host.call("close_strip", { strip_id: id }).catch(() => undefined);
    };
    this.#opening += 1;
    void this.host
      .call("open_strip", request)
      .then((answer) => {
        if (closed) return close(answer.strip_id);
        strip_id = answer.strip_id;
        this.#listeners.set(strip_id, listener);
        for (const event of this.#early.get(strip_id) ?? []) this.#tell(listener, event);
      })
      .catch((error: unknown) => {
        if (!closed) listener.ended(toWireError(error));
      })
      .finally(() => {
        this.#opening -= 1;
        if (this.#opening === 0) this.#early.clear();
      });
    return () => {
      if (closed) return;
      closed = true;
      if (strip_id !== null && this.#listeners.has(strip_id)) close(strip_id);
    };
  };

  #tell(listener: StripListener, { strip_id, frames, complete, error }: Events["strip_frames"]): void {
    if (frames.length > 0) listener.frames(frames);
    if (!complete && !error) return;
    this.#listeners.delete(strip_id);
    listener.ended(error);
  }
}
