import type { MediaInfo, PictureInfo } from "../ipc";

/** `29.97 fps`, `30 fps`; variable rates are marked. */
export function formatFrameRate(media: MediaInfo): string {
  if (media.frame_rate_fps === null) return "unknown rate";
  const rate = Number(media.frame_rate_fps.toFixed(2));
  return `${media.variable_frame_rate ? "~" : ""}${rate} fps`;
}

export function formatCodecs(media: MediaInfo): string {
  return `${media.video_codec} · ${media.audio_codec ?? "no sound"}`;
}

/** `1080 × 1920`. */
export function formatResolution(media: MediaInfo | PictureInfo): string {
  return `${media.width_px} × ${media.height_px}`;
}

/** `JPEG · Display P3`, `WebP · moves for 1.2 s`. */
export function formatPicture(picture: PictureInfo): string {
  const moves = picture.duration_ms === null ? null : `moves for ${(picture.duration_ms / 1000).toFixed(1)} s`;
  return [picture.format, picture.colour_profile, moves].filter((part) => part !== null).join(" · ");
}
