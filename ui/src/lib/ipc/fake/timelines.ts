import type { Asset, TimeSpan, Timeline, Waveform } from "../generated/types";

/** What a real analysis would have measured; the same asset always gives the same. */
export interface Measured {
  duration_us: number;
  fps: number;
  keyframes_us: number[];
  scenes_us: number[];
  black: TimeSpan[];
  freezes: TimeSpan[];
  silences: TimeSpan[];
}

const second_us = 1_000_000;

/** A steady source of numbers in 0..1. */
export function noise(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export const seedOf = (text: string): number => Array.from(text).reduce((sum, character) => Math.imul(sum, 31) + character.charCodeAt(0), 7);

const known = new Map<string, Measured>();

export function measure(asset: Asset): Measured {
  const found = known.get(asset.id);
  if (found) return found;
  const media = asset.media!;
  const random = noise(seedOf(asset.id));
  const fps = media.frame_rate_fps ?? 25;
  const frame_us = second_us / fps;
  const duration_us = Math.round(media.duration_ms * 1000);
  const onFrame = (at_us: number) => Math.round(Math.round(at_us / frame_us) * frame_us);

  const scenes_us: number[] = [];
  for (let at = (2 + random() * 4) * second_us; at < duration_us - second_us; at += (2.5 + random() * (duration_us > 600 * second_us ? 60 : 6)) * second_us) scenes_us.push(onFrame(at));
  const keyframes = new Set([0, ...scenes_us.filter(() => random() < 0.8)]);
  for (let at = 0; at < duration_us; at += 2 * second_us) keyframes.add(onFrame(at));
  const silences: TimeSpan[] = [];
  if (media.audio_codec) {
    for (let at = (3 + random() * 4) * second_us; at < duration_us - 2 * second_us; at += (5 + random() * 9) * second_us) {
      silences.push({ from_us: Math.round(at), to_us: Math.round(at + (0.4 + random() * 1.1) * second_us) });
    }
  }
  const long = duration_us > 20 * second_us;
  const measured: Measured = {
    duration_us, fps, scenes_us, silences,
    keyframes_us: [...keyframes].filter((at) => at < duration_us).sort((a, b) => a - b),
    black: long ? [{ from_us: onFrame(duration_us - 0.8 * second_us), to_us: duration_us }] : [],
    freezes: long ? [{ from_us: onFrame(duration_us * 0.62), to_us: onFrame(duration_us * 0.62 + 1.4 * second_us) }] : [],
  };
  known.set(asset.id, measured);
  return measured;
}

/** The timeline as far as `stage` goes: 0 only the table of the file, 1 with sound, 2 all of it. */
export function timelineOf(asset: Asset, stage: number): Timeline {
  const measured = measure(asset);
  const media = asset.media!;
  return {
    asset_id: asset.id, duration_us: measured.duration_us, frame_rate_fps: measured.fps, width_px: media.width_px, height_px: media.height_px,
    has_sound: media.audio_codec !== null, keyframes_us: measured.keyframes_us,
    silences: stage >= 1 ? measured.silences : null,
    scenes_us: stage >= 2 ? measured.scenes_us : null, black: stage >= 2 ? measured.black : null, freezes: stage >= 2 ? measured.freezes : null,
  };
}

/** Speech: syllables inside phrases, quiet between them. */
function loudness(measured: Measured, at_us: number): number {
  const at_s = at_us / second_us;
  if (measured.silences.some(({ from_us, to_us }) => at_us >= from_us && at_us < to_us)) return 0.006;
  const phrase = 0.55 + 0.45 * Math.sin(at_s * 1.7) * Math.sin(at_s * 0.43 + 1);
  const syllable = Math.abs(Math.sin(at_s * 13.1 + Math.sin(at_s * 3.3) * 2));
  return 0.05 + 0.8 * phrase * syllable ** 1.4;
}

/** `heard` is the share of the asset that has been listened to. */
export function waveformOf(asset: Asset, from_us: number, to_us: number, count: number, heard: number): Waveform {
  const measured = measure(asset);
  if (!asset.media!.audio_codec) return { buckets: [], loudness_lufs: null, true_peak_dbtp: null, complete: true };
  const buckets: [number, number, number][] = [];
  const random = noise(seedOf(asset.id) + Math.round(from_us / 1000));
  for (let index = 0; index < count; index += 1) {
    const start = from_us + (index * (to_us - from_us)) / count;
    if (start > measured.duration_us * heard) break;
    const span = (to_us - from_us) / count;
    const levels = [0, 0.3, 0.7].map((part) => loudness(measured, start + span * part));
    const peak = Math.min(1, Math.max(...levels) * (0.85 + random() * 0.2));
    const rms = (levels.reduce((sum, level) => sum + level, 0) / levels.length) * 0.55;
    buckets.push([-peak * (0.85 + random() * 0.15), peak, rms]);
  }
  const complete = heard >= 1;
  return { buckets, loudness_lufs: complete ? -17.4 : null, true_peak_dbtp: complete ? -2.1 : null, complete };
}
