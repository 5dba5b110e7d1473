import type { Asset, AudioTrack, Post } from "../generated/types";
import { account, clip, emptyWorld, publicationOf, type World } from "./world";

const minute_ms = 60_000;

const stageTracks: AudioTrack[] = [
  { stream_index: 1, is_main: true, language: "eng", title: null, codec: "AAC", channels: 2 },
  { stream_index: 2, is_main: false, language: "deu", title: "Dolmetscherin", codec: "AAC", channels: 1 },
  { stream_index: 4, is_main: false, language: null, title: null, codec: "AC-3", channels: 6 },
];

/** Clips of every kind to cut, each with a draft: `post-<name>`. */
export function editorWorld(now: number): World {
  const at = (age: number) => now - age * minute_ms;
  const blink = clip("asset-blink", at(4), { name: "blink.mp4", poster: "night", seconds: 1, megabytes: 0.3 });
  blink.media!.duration_ms = 400;
  const assets: Asset[] = [
    clip("asset-ridge", at(1), { name: "sunrise on the ridge.mp4", poster: "ridge", seconds: 34, megabytes: 48.2 }),
    clip("asset-desk", at(2), { name: "desk tour 2026.mp4", poster: "desk", seconds: 95, megabytes: 120, landscape: true, fps: 29.97 }),
    clip("asset-talk", at(3), { name: "two hours on stage.mp4", poster: "espresso", seconds: 7200, megabytes: 4100, landscape: true, fps: 25, tracks: stageTracks }),
    blink,
    clip("asset-plant", at(5), { name: "repotting the monstera.webm", poster: "plant", seconds: 58, megabytes: 33.1, container: "WebM", codec: "VP9", silent: true }),
    clip("asset-hevc", at(6), { name: "from the phone.mov", poster: "wave", seconds: 21, megabytes: 63.9, container: "MOV", codec: "HEVC", fps: 59.94 }),
  ];
  // Something is served there, but nothing that a web view could play.
  assets.at(-1)!.preview_url = "data:video/quicktime;base64,AAAA";
  const practice = account("account-practice-youtube", "youtube", "practice", "Practice Channel", 265, now - 3e8);
  const clips = account("account-practice-tiktok", "tiktok", "practice", "Ada Practice", 320, now - 3e8);
  const posts = assets.map((asset): Post => {
    const id = asset.id.replace("asset-", "post-");
    return {
      draft: {
        id, asset_id: asset.id, edit: null, wishes: null, caption: asset.file_name.replace(/\.\w+$/, ""), planned: null,
        destinations: [{ account_id: practice.id, text: {}, options: { visibility: "public", made_for_kids: "no" }, cover: null, from_this_computer: false }],
      },
      created_at: asset.added_at, updated_at: asset.added_at, publications: [publicationOf(id, practice, "draft", now, null)],
    };
  });
  return { ...emptyWorld(), assets, accounts: [clips, practice], posts, credentialsSet: ["youtube"] };
}
