import type { Commands } from "../generated/commands";
import type { Events } from "../generated/events";
import type { Asset, CaptionCue, Playback } from "../generated/types";
import type { EventName } from "../host";
import { toWireError } from "../wire_error";
import { fakeError, type World } from "./world";

export type PlaybackCommand = "playback" | "stop_playback_copy" | "captions_file";
export type PlaybackHandlers = { [K in PlaybackCommand]: (request: Commands[K]["request"]) => Commands[K]["response"] | Promise<Commands[K]["response"]> };

interface Surroundings {
  world(): World;
  /** What every copy plays as; null where copies cannot be made. */
  copy_url: string | null;
  wait(duration_ms: number): Promise<void>;
  emit<K extends EventName>(name: K, payload: Events[K]): void;
}

const steps = 20;
const step_ms = 400;

/** The part of the fake core that says what plays, and reads captions. */
export class FakePlayback {
  readonly #copies = new Map<string, Playback>();
  readonly #refused = new Set<string>();

  constructor(private readonly around: Surroundings) {}

  readonly handlers: PlaybackHandlers = {
    playback: ({ asset_id, refused, again }) => {
      const asset = this.around.world().assets.find((candidate) => candidate.id === asset_id);
      if (!asset?.media) throw fakeError("asset.not_measured", `“${asset?.file_name ?? "The video"}” has not been measured.`, { retry: "needs_user" });
      if (refused) this.#refused.add(asset_id);
      const why = this.#why(asset);
      if (why === null) return { kind: "itself", url: asset.preview_url! };
      const known = this.#copies.get(asset_id);
      if (!known && asset.preview_url === null && !again) return { kind: "stopped", why };
      if (known && !(again && (known.kind === "stopped" || known.kind === "failed"))) return known;
      return this.#make(asset, why);
    },
    stop_playback_copy: ({ asset_id }) => {
      const known = this.#copies.get(asset_id);
      if (known?.kind === "making") this.#tell(asset_id, { kind: "stopped", why: known.why });
    },
    captions_file: ({ path }) => {
      const name = path.split(/[/\\]/).at(-1) ?? path;
      if (name.includes("broken")) {
        throw fakeError("captions.invalid", `“${name}” cannot be used: the caption at line 6 ends before it begins.`, {
          fix: "Mend the file or choose another one, or post without captions.", retry: "needs_user", action: "edit_post",
        });
      }
      return { format: name.endsWith(".vtt") ? "WebVTT" : "SRT", cues };
    },
  };

  #why(asset: Asset): string | null {
    if (asset.media?.video_codec === "HEVC" || asset.media?.video_codec === "ProRes") return `${asset.media.video_codec} video`;
    return asset.preview_url === null || this.#refused.has(asset.id) ? "this video" : null;
  }

  #make(asset: Asset, why: string): Playback {
    const total_ms = asset.media!.duration_ms;
    const at = (step: number): Playback => ({
      kind: "making", why, done_ms: Math.round((total_ms * step) / steps), total_ms: step === 0 ? 0 : total_ms,
      speed: step === 0 ? null : total_ms / (steps * step_ms), remaining_ms: step === 0 ? null : (steps - step) * step_ms,
    });
    const begun = at(0);
    this.#copies.set(asset.id, begun);
    void (async () => {
      let latest = begun;
      for (let step = 1; step <= steps; step += 1) {
        await this.around.wait(step_ms);
        // Stopped, or begun anew.
        if (this.#copies.get(asset.id) !== latest) return;
        latest = at(step);
        this.#tell(asset.id, latest);
      }
      const error = fakeError("preview.copy_failed", `No preview of “${asset.file_name}” could be made.`, {
        fix: "The frames can still be seen and cut. The file may be damaged: play it to its end elsewhere.", retry: "permanent",
      });
      const { copy_url } = this.around;
      this.#tell(asset.id, copy_url === null ? { kind: "failed", why, error: toWireError(error) } : { kind: "copy", url: copy_url });
    })();
    return begun;
  }

  #tell(asset_id: string, playback: Playback): void {
    this.#copies.set(asset_id, playback);
    this.around.emit("playback_changed", { asset_id, playback });
  }
}

const cue = (start_s: number, end_s: number, text: string): CaptionCue => ({ start_us: start_s * 1_000_000, end_us: end_s * 1_000_000, text });

const cues: CaptionCue[] = [
  cue(0.8, 3.2, "Half past five,\nand nobody is up yet."), cue(4, 6.5, "The path is still in the dark,"), cue(6.5, 9, "so I count the steps."),
  cue(12, 15, "There."), cue(20.5, 24, "That is what we came for."), cue(28, 33, "See you next week."),
];
