import type { KeptRange, TimeSpan, Timeline } from "../../ipc";
import { formatClipLength } from "../../format/duration";
import { formatTimecode } from "../../format/timecode";
import type { Film } from "./film";
import { pixelOf, ticks, timeAt, type Extent, type Scale } from "./scale";
import type { Grid } from "./strip_grid";
import type { Heard } from "./wave.svelte";

/** Heights from top to bottom; 0 leaves a part out. */
export interface Layout {
  ruler_px: number;
  strip_px: number;
  marks_px: number;
  wave_px: number;
}

export const heightOf = ({ ruler_px, strip_px, marks_px, wave_px }: Layout): number => ruler_px + strip_px + marks_px + wave_px;

/** Each colour's name and the token it comes from. */
export const colourTokens = {
  ground: "--surface-media", text: "--text-muted", line: "--border-normal", cut: "--timeline-cut", hatch: "--timeline-hatch", wave: "--timeline-wave", loud: "--timeline-loud",
  keyframe: "--timeline-keyframe", scene: "--timeline-scene", silence: "--timeline-silence", black: "--timeline-black", freeze: "--timeline-freeze",
  kept: "--accent", other: "--timeline-part",
} as const;

export type Colours = Record<keyof typeof colourTokens, string>;

export interface Scene {
  layout: Layout;
  scale: Scale;
  extent: Extent;
  timeline: Timeline;
  ranges: readonly KeptRange[];
  selected: number;
  film: Film;
  grid: Grid;
  picture_px: number;
  heard: Heard | null;
  /** What the edit makes of the sound at a moment of the source. */
  gainAt: (at_us: number) => number;
  colours: Colours;
  font: string;
}

type Context = CanvasRenderingContext2D;

export function drawTimeline(context: Context, scene: Scene): void {
  const { layout, extent } = scene;
  context.clearRect(0, 0, extent.width_px, heightOf(layout));
  const strip_y = layout.ruler_px;
  const marks_y = strip_y + layout.strip_px;
  const wave_y = marks_y + layout.marks_px;
  drawStrip(context, scene, strip_y);
  drawSpans(context, scene, marks_y);
  drawWave(context, scene, wave_y);
  drawCutAway(context, scene, strip_y, layout.strip_px + layout.marks_px + layout.wave_px);
  drawParts(context, scene, strip_y);
  if (layout.ruler_px > 0) drawRuler(context, scene);
  drawScenes(context, scene, strip_y);
}

function drawStrip(context: Context, { scale, extent, film, grid, picture_px, layout, colours }: Scene, y: number): void {
  const end_px = Math.min(extent.width_px, pixelOf(scale, extent.duration_us));
  context.save();
  context.beginPath();
  context.rect(0, y, end_px, layout.strip_px);
  context.clip();
  context.fillStyle = colours.ground;
  context.fillRect(0, y, end_px, layout.strip_px);
  for (let slot = grid.first; slot < grid.end; slot += 1) {
    const x = pixelOf(scale, slot * grid.slot_us);
    const width = grid.slot_us / scale.us_per_px;
    const exact = film.frame(grid.level, slot);
    const frame = exact ?? film.nearest((slot + 0.5) * grid.slot_us);
    if (!frame) continue;
    context.globalAlpha = exact ? 1 : 0.45;
    drawPicture(context, frame.image, x, y, width, layout.strip_px, picture_px);
  }
  context.restore();
}

/** Fills a slot, cutting a little off above and below; a slot much wider than a picture shows it whole. Nothing is stretched. */
function drawPicture(context: Context, image: HTMLImageElement, x: number, y: number, width: number, height: number, picture_px: number): void {
  if (width > picture_px * 1.6) {
    context.drawImage(image, x + (width - picture_px) / 2, y, picture_px, height);
    return;
  }
  const share = Math.min(1, picture_px / width);
  const cut = (image.naturalHeight * (1 - share)) / 2;
  // A hair wider, so that no seam shows between two slots.
  context.drawImage(image, 0, cut, image.naturalWidth, image.naturalHeight - 2 * cut, x, y, width + 0.5, height);
}

function drawRuler(context: Context, { scale, extent, layout, colours, font, timeline }: Scene): void {
  context.font = font;
  context.textBaseline = "alphabetic";
  const close = timeAt(scale, 84) - scale.from_us < 1_000_000;
  const perFrame = extent.frame_us / scale.us_per_px;
  for (const { at_us, labelled } of ticks(scale, extent)) {
    const x = Math.round(pixelOf(scale, at_us)) + 0.5;
    context.fillStyle = colours.line;
    context.fillRect(x - 0.5, labelled ? layout.ruler_px - 9 : layout.ruler_px - 5, 1, labelled ? 9 : 5);
    if (!labelled || x > extent.width_px - 24) continue;
    context.fillStyle = colours.text;
    context.fillText(close ? formatTimecode(at_us, extent.duration_us) : formatClipLength(at_us / 1000), x + 4, layout.ruler_px - 8);
  }
  // Keyframes stand on the strip as soon as they can be told apart.
  const keyframes = timeline.keyframes_us ?? [];
  const spacing = (extent.duration_us / Math.max(1, keyframes.length)) / scale.us_per_px;
  if (spacing < 5 && perFrame < 4) return;
  context.fillStyle = colours.keyframe;
  for (const at_us of keyframes) {
    const x = pixelOf(scale, at_us);
    if (x < -4 || x > extent.width_px + 4) continue;
    diamond(context, x, layout.ruler_px - 3, 3);
  }
}

function diamond(context: Context, x: number, y: number, size: number): void {
  context.beginPath();
  context.moveTo(x, y - size);
  context.lineTo(x + size, y);
  context.lineTo(x, y + size);
  context.lineTo(x - size, y);
  context.fill();
}

function drawScenes(context: Context, { scale, extent, timeline, layout, colours }: Scene, y: number): void {
  context.fillStyle = colours.scene;
  const scenes = timeline.scenes_us ?? [];
  const crowded = extent.duration_us / (scenes.length + 1) / scale.us_per_px < 14;
  for (const at_us of scenes) {
    const x = pixelOf(scale, at_us);
    if (x < -4 || x > extent.width_px + 4) continue;
    if (crowded) {
      context.fillRect(x, y + 3, 1, 5);
      continue;
    }
    context.fillRect(Math.round(x) - 0.5, y, 1, layout.strip_px);
    context.beginPath();
    context.moveTo(x - 5, y);
    context.lineTo(x + 5, y);
    context.lineTo(x, y + 6);
    context.fill();
  }
}

/** Silence, black and freeze: one lane each, so that they can be told apart without their colours. */
function drawSpans(context: Context, { scale, extent, timeline, layout, colours }: Scene, y: number): void {
  if (layout.marks_px === 0) return;
  const lane = (spans: readonly TimeSpan[] | null, colour: string, row: number) => {
    context.fillStyle = colour;
    const height = Math.max(2, Math.floor((layout.marks_px - 2) / 3) - 1);
    for (const { from_us, to_us } of spans ?? []) {
      const x = pixelOf(scale, from_us);
      const width = Math.max(1, (to_us - from_us) / scale.us_per_px);
      if (x + width < 0 || x > extent.width_px) continue;
      context.fillRect(x, y + 2 + row * (height + 1), width, height);
    }
  };
  lane(timeline.silences, colours.silence, 0);
  lane(timeline.black, colours.black, 1);
  lane(timeline.freezes, colours.freeze, 2);
}

function drawWave(context: Context, { scale, extent, layout, heard, gainAt, colours }: Scene, y: number): void {
  if (layout.wave_px === 0) return;
  const middle = y + layout.wave_px / 2;
  const end_px = Math.min(extent.width_px, pixelOf(scale, extent.duration_us));
  context.fillStyle = colours.line;
  context.fillRect(0, Math.round(middle), end_px, 1);
  if (!heard) return;
  const half = layout.wave_px / 2 - 1;
  const bucket_us = (heard.to_us - heard.from_us) / heard.count;
  const reach = (value: number, gain: number) => Math.min(1, Math.max(-1, value * gain)) * half;
  const bar = Math.max(1, bucket_us / scale.us_per_px);
  for (const colour of ["wave", "loud"] as const) {
    context.fillStyle = colours[colour];
    for (const [index, [low, high, rms]] of heard.buckets.entries()) {
      const x = pixelOf(scale, heard.from_us + index * bucket_us);
      if (x < -bar || x > extent.width_px) continue;
      const gain = gainAt(heard.from_us + index * bucket_us);
      const [bottom, top] = colour === "wave" ? [reach(low, gain), reach(high, gain)] : [-reach(rms, gain), reach(rms, gain)];
      context.fillRect(x, middle - top, bar, Math.max(1, top - bottom));
    }
  }
}

/** What is not kept is dimmed and hatched. */
function drawCutAway(context: Context, { scale, extent, ranges, colours }: Scene, y: number, height: number): void {
  const inOrder = [...ranges].sort((a, b) => a.start_us - b.start_us);
  let from_us = 0;
  for (const range of [...inOrder, { start_us: extent.duration_us, end_us: extent.duration_us }]) {
    const x = Math.max(0, pixelOf(scale, from_us));
    const end = Math.min(extent.width_px, pixelOf(scale, range.start_us));
    from_us = range.end_us;
    if (end - x < 0.5) continue;
    context.save();
    context.beginPath();
    context.rect(x, y, end - x, height);
    context.clip();
    context.fillStyle = colours.cut;
    context.fillRect(x, y, end - x, height);
    context.strokeStyle = colours.hatch;
    context.lineWidth = 1;
    context.beginPath();
    for (let start = Math.floor((x - height) / 8) * 8; start < end; start += 8) {
      context.moveTo(start, y + height);
      context.lineTo(start + height, y);
    }
    context.stroke();
    context.restore();
  }
}

function drawParts(context: Context, { scale, extent, ranges, selected, layout, colours }: Scene, y: number): void {
  for (const [index, range] of ranges.entries()) {
    const x = pixelOf(scale, range.start_us);
    const width = (range.end_us - range.start_us) / scale.us_per_px;
    if (x + width < 0 || x > extent.width_px) continue;
    context.fillStyle = index === selected ? colours.kept : colours.other;
    context.fillRect(x, y, width, 3);
    context.fillRect(x, y + layout.strip_px - 3, width, 3);
  }
}
