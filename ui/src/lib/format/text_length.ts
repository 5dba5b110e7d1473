import type { TextRule, TextUnit } from "../ipc";

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const encoder = new TextEncoder();

/** The length of a text as a platform counts it; the same numbers as in the core. */
export function countText(text: string, unit: TextUnit): number {
  switch (unit) {
    case "utf16":
      return text.length;
    case "codepoints":
      return Array.from(text).length;
    case "bytes":
      return encoder.encode(text).length;
    case "graphemes":
      return Array.from(segmenter.segment(text)).length;
  }
}

const unitNames: Record<TextUnit, string> = {
  utf16: "UTF-16 units",
  codepoints: "characters",
  bytes: "bytes",
  graphemes: "characters as seen",
};

export function unitName(unit: TextUnit): string {
  return unitNames[unit];
}

/** Tags together: their lengths, a comma between two, and two quotes around a tag with a space. */
export function countTags(tags: readonly string[], unit: TextUnit): number {
  const lengths = tags.map((tag) => countText(tag, unit) + (tag.includes(" ") ? 2 : 0));
  return lengths.reduce((sum, length) => sum + length, 0) + Math.max(0, tags.length - 1);
}

/** What will be sent in a field: the destination's own text, else the default from the shared caption. */
export function resolveText(rule: TextRule, own: string | undefined, caption: string): string {
  if (own !== undefined) return own;
  switch (rule.default) {
    case "caption":
      return caption;
    case "first_line_of_caption":
      return caption.split(/\r?\n/, 1)[0] ?? "";
    case "empty":
      return "";
  }
}
