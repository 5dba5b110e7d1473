import { fakeError } from "./world";

/** Why a file of this name is not taken; null when it is. */
export function refusalOf(name: string) {
  if (/\.(txt|md|pdf|docx?|zip)$/i.test(name)) {
    return fakeError("media.not_video", `“${name}” is not a video: it holds plain text.`, { fix: "Add a video file such as MP4, MOV or WebM." });
  }
  if (/empty/i.test(name)) return fakeError("media.empty", `“${name}” is empty: it has 0 bytes.`, { fix: "Copy it again from where it came from." });
  if (/truncated/i.test(name)) {
    return fakeError("media.truncated", `“${name}” ends too early: its index is missing.`, { fix: "The recording or copy was cut off. Copy it again.", details: ["moov atom not found"] });
  }
  return null;
}
