import type { AudioTrack } from "../../ipc";

const languages = new Intl.DisplayNames(["en"], { type: "language", fallback: "none" });

/** The language a file means by its three letters; null where it does not say or says what nobody knows. */
export function languageOf(code: string | null): string | null {
  if (!code || code === "und") return null;
  try {
    return languages.of(code) ?? code;
  } catch {
    return code;
  }
}

const layouts: Record<number, string> = { 1: "mono", 2: "stereo", 6: "5.1", 8: "7.1" };

export const channelsOf = (count: number): string => layouts[count] ?? `${count} channels`;

/** "German, stereo AAC (Commentary)"; `number` counts the file's audio tracks from 1. */
export function trackLabel({ language, title, codec, channels }: AudioTrack, number: number): string {
  const name = languageOf(language) ?? `Track ${number}`;
  return `${name}, ${channelsOf(channels)} ${codec}${title ? ` (${title})` : ""}`;
}

/** The track that is heard in the result; undefined when the edit names one that this file does not have. */
export const heardTrack = (tracks: readonly AudioTrack[], chosen: number | null): AudioTrack | undefined =>
  tracks.find(({ stream_index, is_main }) => (chosen === null ? is_main : stream_index === chosen));
