import type {
  Account, Asset, AssetCompliance, AudioTrack, Destination, Finding, Post, PublicationLog, Publication, PublicationState, Receipt, WireError,
} from "../generated/types";
import { wallAt } from "../../format/zoned";
import { avatar, posters } from "./posters";
import { still } from "./stills";

/** Everything the fake core remembers; one JSON document. */
export interface World {
  assets: Asset[];
  removedAssets: Asset[];
  accounts: Account[];
  posts: Post[];
  deletedPosts: Post[];
  logs: Record<string, PublicationLog>;
  credentialsSet: string[];
}

export const fakeZone = "Europe/Berlin";

const minutes = 60_000;
const iso = (at: number) => new Date(at).toISOString();

export function fakeError(code: string, message: string, more: Partial<WireError> = {}): WireError {
  return { code, message, fix: null, retry: "permanent", action: null, until: null, details: [], ...more };
}

export function emptyWorld(): World {
  return { assets: [], removedAssets: [], accounts: [], posts: [], deletedPosts: [], logs: {}, credentialsSet: [] };
}

interface Clip {
  name: string;
  poster: keyof typeof posters;
  seconds: number;
  megabytes: number;
  landscape?: boolean;
  codec?: string;
  container?: string;
  fps?: number;
  silent?: boolean;
  /** Where there are several; otherwise one of stereo. */
  tracks?: AudioTrack[];
  findings?: Finding[];
}

/** An asset as the probe would leave it. */
export function clip(id: string, at: number, clip: Clip): Asset {
  const findings = clip.findings ?? [];
  const forTiktok: AssetCompliance = {
    platform: "tiktok",
    platform_name: "TikTok",
    verdict: findings.some((finding) => finding.severity === "blocking")
      ? "refused"
      : findings.some((finding) => finding.severity === "fixable") ? "after_conversion" : "as_is",
    findings,
  };
  return {
    id,
    file_name: clip.name,
    path: `/home/ada/Videos/${clip.name}`,
    size_bytes: Math.round(clip.megabytes * 1_000_000),
    added_at: iso(at),
    state: "ready",
    error: null,
    media: {
      container: clip.container ?? "MP4",
      duration_ms: clip.seconds * 1000,
      width_px: clip.landscape ? 1920 : 1080,
      height_px: clip.landscape ? 1080 : 1920,
      rotation_deg: 0,
      frame_rate_fps: clip.fps ?? 30,
      variable_frame_rate: false,
      video_codec: clip.codec ?? "H.264",
      pixel_format: "yuv420p",
      bit_depth: 8,
      hdr: false,
      audio_codec: clip.silent ? null : "AAC",
      audio_channels: clip.silent ? null : 2,
      audio_sample_rate_hz: clip.silent ? null : 48_000,
      audio_tracks: clip.silent ? [] : (clip.tracks ?? [{ stream_index: 1, is_main: true, language: null, title: null, codec: "AAC", channels: 2 }]),
      bit_rate_bps: Math.round((clip.megabytes * 8_000_000) / clip.seconds),
      index_first: true,
      has_private_metadata: false,
    },
    picture: null,
    poster_url: posters[clip.poster],
    preview_url: null,
    compliance: [forTiktok, { platform: "youtube", platform_name: "YouTube", verdict: "as_is", findings: [] }],
  };
}

export function account(id: string, platform: "tiktok" | "youtube", realm: Account["realm"], name: string, hue: number, at: number): Account {
  const initials = name.split(" ").map((word) => word[0]).join("").slice(0, 2);
  return {
    id, platform, realm, display_name: name,
    platform_name: platform === "tiktok" ? "TikTok" : "YouTube",
    avatar_url: avatar(initials, hue), state: "connected", error: null, connected_at: iso(at),
    checked_at: null, check_error: null, sign_in_ends_at: null,
  };
}

export function publicationOf(post_id: string, account: Account, state: PublicationState, at: number, due: number | null): Publication {
  return {
    id: `${post_id}-${account.id}`,
    post_id,
    account_id: account.id,
    account_name: account.display_name,
    platform: account.platform,
    platform_name: account.platform_name,
    realm: account.realm,
    state,
    since: iso(at),
    needs_user_reason: null,
    error: null,
    warnings: [],
    planned: due === null ? null : { wall: wallAt(due, fakeZone), zone: fakeZone },
    due_at: due === null ? null : iso(due),
    next_attempt_at: null,
    hand_over: false,
    paused_at: null,
    sending_plan: null,
    postponed_from: null,
    is_let_go: false,
    receipt: null,
    actions: actionsIn(state, null),
  };
}

export function isPausable(state: PublicationState): boolean {
  return ["scheduled", "preparing", "ready", "uploading", "staged"].includes(state);
}

/** As the core derives it from the state machine. */
export function actionsIn(state: PublicationState, reason: Publication["needs_user_reason"], paused = false): Publication["actions"] {
  if (isPausable(state)) return ["cancel", ...(paused ? (["resume"] as const) : state === "ready" ? (["pause", "send_first"] as const) : (["pause"] as const))];
  if (state === "needs_user" && reason === "cannot_tell") return ["answer_in_doubt", "cancel"];
  if (state === "needs_user" || state === "missed" || state === "failed") return ["retry", "cancel"];
  if (state === "cancelled") return ["retry"];
  return state === "handed_off" ? ["cancel"] : [];
}

export function receiptOf(publication: Publication, at: number): Receipt {
  const remote_id = publication.platform === "tiktok" ? "7300000000000000117" : "dQp4rt1c3Yx";
  const practice = `http://127.0.0.1:8787/${publication.platform}/watch/${remote_id}`;
  const real = publication.platform === "tiktok"
    ? `https://www.tiktok.com/@ada.makes/video/${remote_id}`
    : `https://www.youtube.com/watch?v=${remote_id}`;
  return {
    remote_id, url: publication.realm === "practice" ? practice : real,
    published_at: iso(at), visibility: "Public", read_back: true,
  };
}

const lengthFinding: Finding = {
  severity: "blocking", rule: "duration.max", message: "The video is longer than TikTok takes.",
  measured: "12 min 41 s", limit: "at most 10 min", source: "TikTok media rules", fix: null, field: null,
};
const rateFinding: Finding = {
  severity: "fixable", rule: "video.frame_rate", message: "The frame rate is higher than TikTok takes.",
  measured: "120 fps", limit: "23 to 60 fps", source: "TikTok media rules", fix: "Daypart converts the video before sending.", field: null,
};
const silentFinding: Finding = {
  severity: "advice", rule: "audio.missing", message: "The video has no sound.",
  measured: "no audio track", limit: null, source: null, fix: null, field: null,
};

/** A small studio on an ordinary afternoon. */
export function studioWorld(now: number): World {
  const assets = [
    clip("asset-ridge", now - 12 * minutes, { name: "sunrise on the ridge.mp4", poster: "ridge", seconds: 34, megabytes: 48.2 }),
    clip("asset-espresso", now - 55 * minutes, { name: "espresso in one take.mov", poster: "espresso", seconds: 21, megabytes: 63.9, container: "MOV", codec: "HEVC" }),
    clip("asset-desk", now - 130 * minutes, { name: "desk tour 2026.mp4", poster: "desk", seconds: 761, megabytes: 912, landscape: true, fps: 29.97, findings: [lengthFinding] }),
    clip("asset-night", now - 26 * 60 * minutes, { name: "night drive.mp4", poster: "night", seconds: 47, megabytes: 71.4, fps: 120, findings: [rateFinding] }),
    clip("asset-wave", now - 27 * 60 * minutes, { name: "first wave of the year.mp4", poster: "wave", seconds: 15, megabytes: 19.7, fps: 59.94 }),
    clip("asset-plant", now - 50 * 60 * minutes, { name: "repotting the monstera.webm", poster: "plant", seconds: 58, megabytes: 33.1, container: "WebM", codec: "VP9", silent: true, findings: [silentFinding] }),
    still("asset-thumbnail", now - 60 * 60 * minutes, { name: "thumbnail idea.jpg", poster: "desk", megabytes: 2.4 }),
  ];
  const tiktok = account("account-practice-tiktok", "tiktok", "practice", "Ada Practice", 320, now - 3e8);
  const youtube = account("account-practice-youtube", "youtube", "practice", "Practice Channel", 265, now - 3e8);
  const channel = account("account-real-youtube", "youtube", "real", "Ada Makes", 18, now - 9e8);
  const world: World = { ...emptyWorld(), assets, accounts: [tiktok, youtube, channel], credentialsSet: ["youtube"] };

  const add = (id: string, asset: string | null, caption: string, at: number, due: number | null, pairs: [Account, PublicationState][]) => {
    const post: Post = {
      draft: {
        id, asset_id: asset, edit: null, wishes: null, caption,
        planned: due === null ? null : { wall: wallAt(due, fakeZone), zone: fakeZone },
        destinations: pairs.map(([to]): Destination => ({
          account_id: to.id, text: {}, cover: null, from_this_computer: false,
          options: to.platform === "tiktok" ? { privacy_level: "PUBLIC_TO_EVERYONE" } : { visibility: "public", made_for_kids: "no" },
        })),
      },
      created_at: iso(at), updated_at: iso(at),
      publications: pairs.map(([to, state]) => publicationOf(id, to, state, at, due)),
    };
    world.posts.push(post);
    for (const publication of post.publications) world.logs[publication.id] = seedLog(publication, at, due);
    return post;
  };

  add("post-wave", "asset-wave", "First wave of the year. Cold, loud, worth it. #surf", now - 3 * minutes, now + 125 * minutes, [[tiktok, "staged"], [youtube, "scheduled"]]);
  add("post-ridge", "asset-ridge", "Up before the birds.\nThe ridge at 6:12, no filter, no music. #hiking #sunrise", now - 8 * minutes, now + 20 * 60 * minutes, [[channel, "scheduled"]]);
  const doubt = add("post-night", "asset-night", "Night drive, windows down.", now - 40 * minutes, now - 42 * minutes, [[tiktok, "needs_user"], [youtube, "published"]]);
  const unsure = doubt.publications[0]!;
  unsure.needs_user_reason = "cannot_tell";
  unsure.actions = actionsIn("needs_user", "cannot_tell");
  unsure.error = fakeError("publish.cannot_tell", "TikTok took the last byte of “night drive.mp4”, and its answer was lost. It does not list posts that only you can see.", {
    fix: "Look in TikTok whether the video is there, then answer here.", retry: "needs_user", action: "check_platform",
    details: ["PUT of the last chunk: connection reset after 10 000 000 bytes", "status/fetch: invalid_publish_id"],
  });
  doubt.publications[1]!.receipt = receiptOf(doubt.publications[1]!, now - 41 * minutes);
  const failed = add("post-desk", "asset-desk", "Desk tour, finally. Everything is linked below.", now - 95 * minutes, now - 100 * minutes, [[channel, "failed"]]);
  failed.publications[0]!.error = fakeError("auth.revoked", "YouTube no longer accepts the sign-in of “Ada Makes”.", {
    fix: "Reconnect the account, then press Try again.", retry: "needs_user", action: "reconnect",
    details: ["token refresh: invalid_grant (Token has been expired or revoked.)"],
  });
  const done = add("post-espresso", "asset-espresso", "One take, one cup. #espresso", now - 25 * 60 * minutes, now - 25 * 60 * minutes, [[tiktok, "published"], [youtube, "published"]]);
  for (const publication of done.publications) publication.receipt = receiptOf(publication, now - 25 * 60 * minutes + 4000);
  done.publications[1]!.warnings = ["Live, cover not set: YouTube lets only verified channels set a thumbnail of their own. Verify the channel by phone at youtube.com/verify, then try again."];
  done.publications[1]!.actions = ["retry"];
  add("post-plant", "asset-plant", "Repotting day", now - 15 * minutes, null, [[youtube, "draft"]]);
  world.posts.sort((a, b) => b.updated_at.localeCompare(a.updated_at));
  return world;
}

function seedLog(publication: Publication, at: number, due: number | null): PublicationLog {
  const events: PublicationLog["events"] = [];
  if (publication.state === "draft") return { publication_id: publication.id, events, attempts: [] };
  const start = (due ?? at) - 30 * minutes;
  const step = (offset_s: number, actor: string, from: PublicationState | null, to: PublicationState, reason: string) =>
    events.push({ at: iso(Math.min(start + offset_s * 1000, at)), actor, from, to, reason });
  step(0, "user", "draft", "scheduled", "Scheduled in the composer");
  if (publication.state === "scheduled") return { publication_id: publication.id, events, attempts: [] };
  step(2, "step", "scheduled", "preparing", "File checked");
  step(3, "step", "preparing", "ready", "Complies as it is: sent without conversion");
  step(5, "step", "ready", "uploading", "Upload opened");
  if (publication.state !== "failed") step(31, "step", "uploading", "staged", "All bytes but the last chunk are at the platform");
  if (publication.state === "published") {
    step(1800, "scheduler", "staged", "publishing", "Due");
    step(1801, "step", "publishing", "confirming", "The platform took the last byte");
    step(1805, "step", "confirming", "published", "Read back from the platform");
  }
  if (publication.state === "needs_user") {
    step(1800, "scheduler", "staged", "publishing", "Due");
    step(1803, "step", "publishing", "in_doubt", "The answer to the last byte was lost");
    step(1860, "reconciler", "in_doubt", "needs_user", "The platform could not be read back");
  }
  if (publication.state === "failed") step(31, "step", "uploading", "failed", "The sign-in was refused");
  return {
    publication_id: publication.id,
    events,
    attempts: [
      {
        id: `${publication.id}-upload`, step: "upload", started_at: iso(start + 5000), ended_at: iso(start + 31_000),
        outcome: publication.state === "failed" ? "The sign-in was refused" : "Staged",
        lines: [
          { at: iso(start + 5000), text: "Opened an upload of 7 chunks of 10 000 000 bytes" },
          { at: iso(start + 12_000), text: "Chunk 3 of 7 stored (30 000 000 of 71 400 000 bytes)" },
          { at: iso(start + 19_000), text: "Connection reset; asked the platform where it stands: 40 000 000 bytes" },
          { at: iso(start + 31_000), text: publication.state === "failed" ? "401 access token refused; refresh: invalid_grant" : "Chunk 6 of 7 stored; the last one waits for its time" },
        ],
      },
    ],
  };
}
