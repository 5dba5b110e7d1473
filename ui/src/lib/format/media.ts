import type { MediaInfo } from "../ipc";

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
export function formatResolution(media: MediaInfo): string {
  return `${media.width_px} × ${media.height_px}`;
}
