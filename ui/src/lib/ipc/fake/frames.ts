import type { Asset } from "../generated/types";
import { measure } from "./timelines";

/** Draws what a decoder would have decoded: the still of the asset, moved and tinted per scene, with its time code. */
const stills = new Map<string, Promise<HTMLImageElement>>();

function still(url: string): Promise<HTMLImageElement> {
  const known = stills.get(url);
  if (known) return known;
  const loading = new Promise<HTMLImageElement>((resolve, reject) => {
    const image = new Image();
    image.onload = () => resolve(image);
    image.onerror = () => reject(new Error("a drawn still does not load"));
    image.src = url;
  });
  stills.set(url, loading);
  return loading;
}

function timeCode(at_us: number): string {
  const total_ms = Math.round(at_us / 1000);
  const part = (value: number) => String(value).padStart(2, "0");
  const hours = Math.floor(total_ms / 3_600_000);
  const clock = `${part(Math.floor(total_ms / 60_000) % 60)}:${part(Math.floor(total_ms / 1000) % 60)}.${String(total_ms % 1000).padStart(3, "0")}`;
  return hours > 0 ? `${hours}:${clock}` : clock;
}

/** The begin of the frame that is shown at a moment. */
export function frameStart(asset: Asset, at_us: number): number {
  const { fps, duration_us } = measure(asset);
  const frame_us = 1_000_000 / fps;
  const last = Math.max(0, Math.ceil(duration_us / frame_us - 1e-6) - 1);
  return Math.round(Math.min(last, Math.floor(at_us / frame_us + 1e-4)) * frame_us);
}

export async function drawFrame(asset: Asset, at_us: number, height_px: number): Promise<string> {
  const media = asset.media!;
  const { scenes_us, black, freezes } = measure(asset);
  const width_px = Math.max(2, Math.round((height_px * media.width_px) / media.height_px));
  const canvas = document.createElement("canvas");
  canvas.width = width_px;
  canvas.height = height_px;
  const context = canvas.getContext("2d")!;
  const frozen = freezes.find(({ from_us, to_us }) => at_us >= from_us && at_us < to_us);
  const seen_us = frozen ? frozen.from_us : at_us;
  const scene = scenes_us.filter((start) => start <= seen_us).length;
  if (asset.poster_url) {
    const image = await still(asset.poster_url);
    const zoom = 1.12 + 0.08 * ((scene * 7) % 5) + 0.02 * Math.sin(seen_us / 2_000_000);
    const shift_x = Math.sin(seen_us / 1_700_000 + scene) * 0.05;
    const shift_y = ((scene * 5) % 3) * 0.05 - 0.05;
    context.filter = `hue-rotate(${(scene * 47) % 360}deg)`;
    context.drawImage(image, (-(zoom - 1) / 2 + shift_x) * width_px, (-(zoom - 1) / 2 + shift_y) * height_px, width_px * zoom, height_px * zoom);
    context.filter = "none";
  }
  if (black.some(({ from_us, to_us }) => at_us >= from_us && at_us < to_us)) {
    context.fillStyle = "#050505";
    context.fillRect(0, 0, width_px, height_px);
  }
  if (height_px >= 90) {
    const size_px = Math.round(height_px / 22);
    context.font = `600 ${size_px}px ui-monospace, monospace`;
    context.textAlign = "center";
    context.fillStyle = "rgb(0 0 0 / 0.55)";
    context.fillRect(0, height_px - size_px * 1.9, width_px, size_px * 1.9);
    context.fillStyle = "#fff";
    context.fillText(timeCode(at_us), width_px / 2, height_px - size_px * 0.65);
  }
  return canvas.toDataURL("image/jpeg", 0.72);
}
