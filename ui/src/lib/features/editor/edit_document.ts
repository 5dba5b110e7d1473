import type { Aspect, Cover, Edit, Fit } from "../../ipc";

export const aspects: readonly { value: Aspect; label: string }[] = [
  { value: "source", label: "As it is" }, { value: "portrait_9_16", label: "9:16" }, { value: "portrait_4_5", label: "4:5" },
  { value: "square", label: "1:1" }, { value: "landscape_16_9", label: "16:9" },
];

/** The window in the middle. */
export const centred: Fit = { fill: { centre_x: 0.5, centre_y: 0.5 } };

/** The document that changes nothing. */
export function unchangedEdit(): Edit {
  return {
    version: 1, ranges: [], framing: { aspect: "source", fit: structuredClone(centred) }, turn: { rotate_deg: 0, mirrored: false },
    sound: { muted: false, volume_db: 0, fade_in_ms: 0, fade_out_ms: 0, normalise: false, track: null }, speed: 1, cover: null, captions: null,
  };
}

export const isUnchanged = (edit: Edit): boolean => JSON.stringify(ordered(edit)) === JSON.stringify(unchangedEdit());

/** Reads as the core reads it: defaults for what is left out. Where the aspect is the source's, the fit says nothing. */
function ordered(edit: Edit): Edit {
  const base = unchangedEdit();
  return {
    version: edit.version, ranges: edit.ranges, framing: edit.framing.aspect === "source" ? base.framing : edit.framing,
    turn: { ...base.turn, ...edit.turn }, sound: { ...base.sound, ...edit.sound }, speed: edit.speed, cover: edit.cover, captions: edit.captions,
  };
}

/** What an edit does, in a few words each; empty when it does nothing. */
export function changesOf(edit: Edit): string[] {
  const found: string[] = [];
  if (edit.ranges.length > 0) found.push(edit.ranges.length === 1 ? "trimmed" : `${edit.ranges.length} parts`);
  const aspect = aspects.find(({ value }) => value === edit.framing.aspect);
  if (aspect && aspect.value !== "source") found.push(edit.ranges.some(({ fit }) => fit != null) ? `${aspect.label} part by part` : aspect.label);
  if (edit.turn.rotate_deg !== 0) found.push("rotated");
  if (edit.turn.mirrored) found.push("mirrored");
  if (edit.speed !== 1) found.push(`${edit.speed}× speed`);
  if (edit.sound.muted) found.push("muted");
  else if (edit.sound.volume_db !== 0 || edit.sound.normalise || edit.sound.fade_in_ms > 0 || edit.sound.fade_out_ms > 0) found.push("sound");
  if (edit.cover) found.push("cover");
  if (edit.captions) found.push("captions");
  return found;
}

export type ReadEdit = { edit: Edit } | { problem: string };

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
const isTime = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value) && value >= 0;
const between = (value: unknown, low: number, high: number): value is number => typeof value === "number" && value >= low && value <= high;

/** Reads an edit from text and says in one sentence what is wrong with it. `duration_us` bounds its times where it is known. */
export function readEdit(text: string, duration_us: number | null = null): ReadEdit {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    return { problem: "This is not an edit: it is no JSON." };
  }
  if (!isObject(given)) return { problem: "This is not an edit: it is no JSON object." };
  if (given["version"] !== 1) return { problem: "This is not an edit of version 1." };
  const base = unchangedEdit();
  const unknown = Object.keys(given).find((key) => !(key in base));
  if (unknown) return { problem: `“${unknown}” is not part of an edit.` };
  const part = (key: string) => (isObject(given[key]) ? given[key] : {});
  const framing = part("framing");
  const edit: Edit = {
    ...base, ...(given as Partial<Edit>),
    framing: { ...base.framing, ...(framing as Partial<Edit["framing"]>) },
    turn: { ...base.turn, ...(part("turn") as Partial<Edit["turn"]>) }, sound: { ...base.sound, ...(part("sound") as Partial<Edit["sound"]>) },
  };
  const problem = wrongIn(edit, duration_us);
  return problem ? { problem } : { edit: ordered(edit) };
}

function wrongIn({ ranges, framing, turn, sound, speed, cover, captions }: Edit, duration_us: number | null): string | null {
  if (!Array.isArray(ranges) || ranges.some((range) => !isObject(range) || !isTime(range.start_us) || !isTime(range.end_us))) return "The kept ranges cannot be read.";
  if (ranges.some(({ fit }) => fit != null && !isFit(fit))) return "The fit of a kept range cannot be read.";
  if (ranges.some(({ start_us, end_us }) => end_us <= start_us)) return "A kept range ends before it starts.";
  const byTime = [...ranges].sort((a, b) => a.start_us - b.start_us);
  if (byTime.some((range, index) => index > 0 && range.start_us < byTime[index - 1]!.end_us)) return "Two kept ranges overlap.";
  if (duration_us !== null && ranges.some(({ end_us }) => end_us > duration_us)) return "A kept range goes past the end of this video.";
  if (!aspects.some(({ value }) => value === framing.aspect)) return "The aspect is not one of those Daypart knows.";
  if (!isFit(framing.fit)) return "The fit cannot be read.";
  if (![0, 90, 180, 270].includes(turn.rotate_deg)) return "The rotation is not a quarter turn.";
  if (!between(sound.volume_db, -60, 12)) return "The volume is not between −60 and 12 dB.";
  if (!isTime(sound.fade_in_ms) || !isTime(sound.fade_out_ms)) return "A fade cannot be read.";
  if (!between(speed, 0.25, 4)) return "The speed is not between 0.25 and 4.";
  if (cover !== null && !isCover(cover)) return "The cover cannot be read.";
  if (captions !== null && (!isObject(captions) || typeof captions.path !== "string")) return "The captions cannot be read.";
  return null;
}

function isFit(fit: unknown): fit is Fit {
  if (fit === "blur") return true;
  if (!isObject(fit)) return false;
  const { fill, colour } = fit;
  if (isObject(fill)) return between(fill["centre_x"], 0, 1) && between(fill["centre_y"], 0, 1);
  const rgb = isObject(colour) ? colour["rgb"] : null;
  return Array.isArray(rgb) && rgb.length === 3 && rgb.every((part) => Number.isInteger(part) && between(part, 0, 255));
}

const isCover = (cover: unknown): cover is Cover =>
  isObject(cover) && ((isObject(cover["at"]) && isTime(cover["at"]["at_us"])) || (isObject(cover["image"]) && typeof cover["image"]["path"] === "string"));
