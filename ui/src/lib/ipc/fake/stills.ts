import type { Asset, AssetCompliance } from "../generated/types";
import { posters } from "./posters";

interface Still {
  name: string;
  poster: keyof typeof posters;
  megabytes: number;
}

/** Names that the fake core takes for pictures; the real one looks into the file. */
export const isStill = (name: string): boolean => /\.(jpe?g|png|webp)$/i.test(name);

/** A picture as the probe would leave it: measured, and taken by no platform as a post of its own. */
export function still(id: string, at: number, { name, poster, megabytes }: Still): Asset {
  const refused = (platform: string, platform_name: string, message: string): AssetCompliance => ({
    platform,
    platform_name,
    verdict: "refused",
    findings: [{
      severity: "blocking", rule: "file.picture", message: `${message} A picture can be the cover of a video.`,
      measured: "a JPEG picture, 1920 × 1080", limit: "a video", source: `${platform_name}'s documents`, fix: null, field: null,
    }],
  });
  return {
    id,
    file_name: name,
    path: `/home/ada/Pictures/${name}`,
    size_bytes: Math.round(megabytes * 1_000_000),
    added_at: new Date(at).toISOString(),
    state: "ready",
    error: null,
    media: null,
    picture: {
      format: "JPEG", width_px: 1920, height_px: 1080, orientation: 1, colour_profile: "Display P3",
      frame_count: null, duration_ms: null, has_private_metadata: false,
    },
    poster_url: posters[poster],
    preview_url: null,
    compliance: [
      refused("tiktok", "TikTok", "TikTok takes pictures only from a public web address; from this computer it takes videos."),
      refused("youtube", "YouTube", "YouTube takes videos only."),
    ],
  };
}
