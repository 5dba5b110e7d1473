import { expect, test } from "vitest";

import type { AudioTrack } from "../../ipc";
import { heardTrack, languageOf, trackLabel } from "./audio_tracks";

const track = (stream_index: number, more: Partial<AudioTrack> = {}): AudioTrack => ({ stream_index, is_main: false, language: null, title: null, codec: "AAC", channels: 2, ...more });

test("a track is told by language, channels, codec and its own title", () => {
  expect(trackLabel(track(2, { language: "deu", title: "Kommentar" }), 2)).toBe("German, stereo AAC (Kommentar)");
  expect(trackLabel(track(3, { channels: 6, codec: "AC-3" }), 3)).toBe("Track 3, 5.1 AC-3");
  expect(trackLabel(track(4, { language: "und", channels: 3 }), 1)).toBe("Track 1, 3 channels AAC");
});

test("an odd language stays as the file has it", () => {
  expect(languageOf("eng")).toBe("English");
  expect(languageOf("qqx")).toBe("qqx");
  expect(languageOf("e!")).toBe("e!");
  expect(languageOf(null)).toBeNull();
});

test("without a choice the main track is heard, and a stranger is none", () => {
  const tracks = [track(1), track(2, { is_main: true })];
  expect(heardTrack(tracks, null)?.stream_index).toBe(2);
  expect(heardTrack(tracks, 1)?.stream_index).toBe(1);
  expect(heardTrack(tracks, 0)).toBeUndefined();
});
