import { toWireError, type Host, type Playback, type WireError } from "../../ipc";

const stepping = "so the preview steps through its frames, without sound.";

/** What there is to play of a clip: the clip, or a copy that this window can play. Kept up to date while one looks on. */
export class PlaybackSource {
  /** Null until the first answer. */
  now = $state.raw<Playback | null>(null);
  error = $state.raw<WireError | null>(null);
  /** The web view gave up on the copy too. */
  #copyRefused = $state(false);
  readonly #stopListening: () => void;

  constructor(
    private readonly host: Host,
    private readonly asset_id: string,
  ) {
    this.#stopListening = host.on("playback_changed", ({ asset_id: changed, playback }) => {
      if (changed === asset_id) this.now = playback;
    });
    void this.#ask(false, false);
  }

  close(): void {
    this.#stopListening();
  }

  /** Where it is; null while there is nothing to play. */
  get url(): string | null {
    if (this.#copyRefused) return null;
    return this.now && (this.now.kind === "itself" || this.now.kind === "copy") ? this.now.url : null;
  }

  /** Why nothing plays, in a sentence; empty where something does, and until that is known. */
  get reason(): string {
    if (this.error) return `${this.error.message} The preview steps through frames, without sound.`;
    if (this.#copyRefused) return `This window cannot even play the copy that was made of this file, ${stepping}`;
    switch (this.now?.kind) {
      case "making":
        return `${capital(this.now.why)} cannot be played in this window. Until the copy is made, the preview steps through its frames, without sound.`;
      case "stopped":
        return `There is no playable copy of this file, ${stepping}`;
      case "failed":
        return `${capital(this.now.why)} cannot be played in this window, ${stepping}`;
      default:
        return "";
    }
  }

  reload = (): void => void this.#ask(false, false);

  /** Once more what was stopped or failed. */
  again = (): void => void this.#ask(false, true);

  /** The web view gave up on what it was given. */
  refused = (): void => {
    if (this.now?.kind === "copy") this.#copyRefused = true;
    else if (this.now?.kind === "itself") void this.#ask(true, false);
  };

  stop = async (): Promise<void> => {
    try {
      await this.host.call("stop_playback_copy", { asset_id: this.asset_id });
    } catch (error) {
      this.error = toWireError(error);
    }
  };

  async #ask(refused: boolean, again: boolean): Promise<void> {
    try {
      this.now = await this.host.call("playback", { asset_id: this.asset_id, refused, again });
      this.error = null;
    } catch (error) {
      this.error = toWireError(error);
    }
  }
}

const capital = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);
