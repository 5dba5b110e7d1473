import type { Commands } from "../generated/commands";
import type { Events } from "../generated/events";
import type { Asset, CoverSuggestion, Edit, PlannedRendition, Post, StripFrame, Waveform, Wishes } from "../generated/types";
import type { EventName } from "../host";
import { drawFrame, frameStart } from "./frames";
import { measure, timelineOf, waveformOf } from "./timelines";
import { fakeError, publicationOf, type World } from "./world";

type EditorCommand = "timeline" | "open_strip" | "close_strip" | "waveform" | "frame" | "suggest_covers" | "own_cover" | "plan_post" | "export_edit" | "apply_edit" | "pick_edit_file";
export type EditorHandlers = { [K in EditorCommand]: (request: Commands[K]["request"]) => Commands[K]["response"] | Promise<Commands[K]["response"]> };

/** `fine` measures step by step, `broken` fails, `stuck` never answers. */
export type MediaMood = "fine" | "broken" | "stuck";

const unchanged: Edit = {
  version: 1, ranges: [], framing: { aspect: "source", fit: { fill: { centre_x: 0.5, centre_y: 0.5 } } }, turn: { rotate_deg: 0, mirrored: false },
  sound: { muted: false, volume_db: 0, fade_in_ms: 0, fade_out_ms: 0, normalise: false, track: null }, speed: 1, cover: null, captions: null,
};

/** Another track of the same talk. */
const quieter = (heard: Waveform): Waveform => ({
  ...heard, buckets: heard.buckets.map(([low, high, rms]) => [low / 2, high / 2, rms / 2]), loudness_lufs: heard.loudness_lufs && heard.loudness_lufs - 6, true_peak_dbtp: heard.true_peak_dbtp && heard.true_peak_dbtp - 6,
});

interface Surroundings {
  world(): World;
  mood: MediaMood;
  wait(duration_ms: number): Promise<void>;
  emit<K extends EventName>(name: K, payload: Events[K]): void;
}

/** The part of the fake core that looks into videos. */
export class FakeEditor {
  readonly #stages = new Map<string, number>();
  readonly #openStrips = new Set<string>();
  #counter = 0;

  constructor(private readonly around: Surroundings) {}

  readonly handlers: EditorHandlers = {
    timeline: async ({ asset_id }) => {
      const asset = await this.#asset(asset_id);
      this.#measureOnwards(asset);
      return timelineOf(asset, this.#stages.get(asset_id) ?? 0);
    },
    open_strip: async ({ asset_id, from_us, to_us, slots, height_px }) => {
      const asset = await this.#asset(asset_id);
      const strip_id = `strip-${(this.#counter += 1)}`;
      this.#openStrips.add(strip_id);
      void this.#decode(strip_id, asset, from_us, (to_us - from_us) / slots, slots, height_px);
      return { strip_id };
    },
    close_strip: ({ strip_id }) => void this.#openStrips.delete(strip_id),
    waveform: async ({ asset_id, from_us, to_us, buckets, track }) => {
      const asset = await this.#asset(asset_id);
      this.#measureOnwards(asset);
      const heard = waveformOf(asset, from_us, to_us, buckets, ((this.#stages.get(asset_id) ?? 0) + 1) / 3);
      const other = asset.media!.audio_tracks.some(({ stream_index, is_main }) => stream_index === track && !is_main);
      return other ? quieter(heard) : heard;
    },
    frame: async ({ asset_id, at_us, height_px }) => {
      const asset = await this.#asset(asset_id);
      await this.around.wait(60);
      const start_us = frameStart(asset, at_us);
      return { at_us: start_us, url: await drawFrame(asset, start_us, Math.min(height_px, 720)) };
    },
    suggest_covers: async ({ asset_id }) => {
      const asset = await this.#asset(asset_id);
      await this.around.wait(500);
      const { duration_us } = measure(asset);
      if (duration_us < 1_000_000) return [];
      const reasons = ["Sharp and bright", "A face, well lit", "Strong colours", "Calm background"];
      return Promise.all(
        reasons.map(async (reason, index): Promise<CoverSuggestion> => {
          const at_us = frameStart(asset, duration_us * (0.12 + index * 0.21));
          return { at_us, reason, url: await drawFrame(asset, at_us, 160) };
        }),
      );
    },
    own_cover: async ({ post_id, account_id }) => {
      const { draft } = this.#post(post_id);
      const cover = account_id === null ? draft.edit?.cover : draft.destinations.find((destination) => destination.account_id === account_id)?.cover;
      if (!cover || !("image" in cover)) return null;
      await this.around.wait(100);
      const { path } = cover.image;
      const file_name = path.split("/").at(-1) ?? path;
      if (/vanished/.test(path)) throw fakeError("file.missing", `“${file_name}” is not there any more.`, { fix: "Put it back where it was, or choose another picture.", retry: "needs_user" });
      return { path, file_name, url: this.#someUrl() };
    },
    plan_post: ({ id }) => this.#plan(this.#post(id)),
    export_edit: ({ id }) => {
      const { edit, asset_id } = this.#post(id).draft;
      const name = this.around.world().assets.find((asset) => asset.id === asset_id)?.file_name ?? "video";
      return { document: JSON.stringify(edit ?? { version: 1 }, null, 2), file_name: `${name.replace(/\.\w+$/, "")}.edit.json` };
    },
    apply_edit: ({ to, document }) => {
      let edit: Edit;
      try {
        edit = { ...unchanged, ...(JSON.parse(document) as Edit) };
      } catch {
        throw fakeError("edit.invalid", "This is not an edit: it is no JSON.", { retry: "needs_user" });
      }
      const ids = to.kind === "posts" ? to.post_ids : [this.#draftOn(to.asset_id)];
      return ids.map((id) => {
        const post = this.#post(id);
        post.draft.edit = JSON.stringify(edit) === JSON.stringify(unchanged) ? null : edit;
        post.updated_at = new Date().toISOString();
        this.around.emit("post_changed", { post_id: id });
        return post;
      });
    },
    pick_edit_file: async ({ kind }) => {
      await this.around.wait(200);
      if (kind === "captions") return { path: "/home/ada/Videos/sunrise on the ridge.srt", file_name: "sunrise on the ridge.srt", url: null };
      return { path: "/home/ada/Pictures/cover, hand made.png", file_name: "cover, hand made.png", url: this.#someUrl() };
    },
  };

  #someUrl(): string | null {
    return this.around.world().assets.find((asset) => asset.poster_url)?.poster_url ?? null;
  }

  async #asset(id: string): Promise<Asset> {
    if (this.around.mood === "stuck") return new Promise(() => undefined);
    await this.around.wait(80);
    const asset = this.around.world().assets.find((candidate) => candidate.id === id);
    if (this.around.mood === "broken" || !asset?.media) {
      throw fakeError("file.missing", `“${asset?.file_name ?? "The video"}” is no longer where it was.`, {
        fix: "Put the file back, or choose another video.", retry: "needs_user", action: "replace_file", details: ["open: No such file or directory (os error 2)"],
      });
    }
    return asset;
  }

  #post(id: string): Post {
    const post = this.around.world().posts.find((candidate) => candidate.draft.id === id);
    if (!post) throw fakeError("post.unknown", "This post no longer exists.");
    return post;
  }

  #draftOn(asset_id: string): string {
    const id = `post-${Date.now().toString(36)}-${(this.#counter += 1)}`;
    const at = new Date().toISOString();
    this.around.world().posts.unshift({
      draft: { id, asset_id, edit: null, wishes: null, caption: "", destinations: [], planned: null }, created_at: at, updated_at: at, publications: [],
    });
    return id;
  }

  /** Sound is measured after a while, scenes after a longer one. */
  #measureOnwards(asset: Asset): void {
    if (this.#stages.has(asset.id)) return;
    this.#stages.set(asset.id, 0);
    void (async () => {
      for (const stage of [1, 2]) {
        await this.around.wait(900);
        this.#stages.set(asset.id, stage);
        this.around.emit("timeline_changed", { asset_id: asset.id });
      }
    })();
  }

  /** Spread frames first, in handfuls. */
  async #decode(strip_id: string, asset: Asset, from_us: number, slot_us: number, slots: number, height_px: number): Promise<void> {
    const order = [8, 4, 2, 1].flatMap((stride) => Array.from({ length: slots }, (_, slot) => slot).filter((slot) => slot % stride === 0 && (stride === 8 || slot % (stride * 2) !== 0)));
    const { duration_us } = measure(asset);
    const wanted = order.filter((slot) => from_us + slot * slot_us < duration_us);
    for (let start = 0; start < wanted.length; start += 6) {
      await this.around.wait(90);
      if (!this.#openStrips.has(strip_id)) return;
      const frames = await Promise.all(
        wanted.slice(start, start + 6).map(async (slot): Promise<StripFrame> => {
          const at_us = frameStart(asset, from_us + slot * slot_us);
          return { slot, at_us, url: await drawFrame(asset, at_us, height_px) };
        }),
      );
      this.around.emit("strip_frames", { strip_id, frames, complete: start + 6 >= wanted.length, error: null });
    }
    this.#openStrips.delete(strip_id);
  }

  #plan(post: Post): PlannedRendition[] {
    const world = this.around.world();
    const asset = world.assets.find((candidate) => candidate.id === post.draft.asset_id);
    const edit = post.draft.edit;
    if (!asset?.media || post.draft.destinations.length === 0) return [];
    const serves = post.draft.destinations.flatMap(({ account_id }) => {
      const account = world.accounts.find((candidate) => candidate.id === account_id);
      return account ? [publicationOf(post.draft.id, account, "draft", Date.now(), null).id] : [];
    });
    const encodesAnyway = post.draft.wishes?.encode === "always";
    if (!edit && !encodesAnyway) return [{ serves, rung: "as_is", reasons: [], lost: [], in_the_way: [], expected_bytes: asset.size_bytes, expected_ms: 0 }];
    return this.#planned(serves, asset, edit ?? unchanged, post.draft.wishes ?? null);
  }

  #planned(serves: string[], asset: Asset, edit: Edit, wishes: Wishes | null): PlannedRendition[] {
    if (!asset.media) return [];
    const whole_ms = asset.media.duration_ms;
    const kept_ms = edit.ranges.length > 0 ? edit.ranges.reduce((sum, range) => sum + (range.end_us - range.start_us) / 1000, 0) : whole_ms;
    const reasons: string[] = [];
    if (edit.framing.aspect !== "source") reasons.push("The picture is framed anew.");
    if (edit.turn.rotate_deg !== 0 || edit.turn.mirrored) reasons.push("The picture is turned.");
    if (edit.speed !== 1) reasons.push("The speed is changed.");
    const needsNew = reasons.length > 0;
    const in_the_way = wishes?.encode === "never" ? reasons.splice(0).map((reason) => `${reason} Only new video would do it, which you ruled out.`) : [];
    if (wishes?.encode === "always") reasons.push("You asked for new video.");
    const encodes = (needsNew && in_the_way.length === 0) || wishes?.encode === "always";
    const share_of_usual = { smaller: 0.5, standard: 1, best: 1.6 }[wishes?.quality ?? "standard"];
    if (edit.ranges.length > 0) reasons.push(encodes ? "Only parts of it are kept." : "Only parts of it are kept: cut at keyframes where they lie there.");
    const sound = edit.sound.muted || edit.sound.volume_db !== 0 || edit.sound.normalise || edit.sound.fade_in_ms > 0 || edit.sound.fade_out_ms > 0;
    if (sound) reasons.push("The sound is changed.");
    const share = kept_ms / whole_ms;
    return [{
      serves, rung: encodes ? "encode" : sound ? "audio_only" : edit.ranges.length > 0 ? "remux" : "as_is", reasons, lost: [], in_the_way,
      expected_bytes: Math.round(asset.size_bytes * share * (encodes ? 0.7 * share_of_usual : 1)), expected_ms: Math.round(kept_ms * (encodes ? 0.55 : 0.01)),
    }];
  }
}
