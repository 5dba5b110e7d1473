const second_us = 1_000_000;

/** A moment on a timeline: `0:07.433`, `12:05.000`, `1:02:33.040`. Hours show where the whole reaches one. */
export function formatTimecode(at_us: number, whole_us: number = at_us): string {
  const total_ms = Math.max(0, Math.round(at_us / 1000));
  const milliseconds = String(total_ms % 1000).padStart(3, "0");
  const seconds = String(Math.floor(total_ms / 1000) % 60).padStart(2, "0");
  const minutes = Math.floor(total_ms / 60_000) % 60;
  const hours = Math.floor(total_ms / 3_600_000);
  if (hours === 0 && whole_us < 3600 * second_us) return `${minutes}:${seconds}.${milliseconds}`;
  return `${hours}:${String(minutes).padStart(2, "0")}:${seconds}.${milliseconds}`;
}

interface Typed {
  /** What `+` and `-` count from. */
  from_us: number;
  frame_us: number;
}

/**
 * Reads a typed moment: `7`, `7.5`, `1:02.5`, `1:02:03`, `120f` for frames, and `+0.5` or `-12f` from where one is.
 * Null for anything else; never below 0.
 */
export function readTimecode(text: string, { from_us, frame_us }: Typed): number | null {
  const match = /^([+-]?)\s*(?:(\d+)f|((?:\d+:){0,2}\d+(?:[.,]\d*)?|[.,]\d+))$/i.exec(text.trim());
  if (!match) return null;
  const [, sign, frames, clock] = match;
  let amount_us = 0;
  if (frames !== undefined) {
    amount_us = Number(frames) * frame_us;
  } else {
    const parts = clock!.replace(",", ".").split(":");
    if (parts.slice(1).some((part) => Number(part) >= 60)) return null;
    amount_us = parts.reduce((sum, part) => sum * 60 + Number(part), 0) * second_us;
  }
  if (!Number.isFinite(amount_us)) return null;
  const at_us = sign === "+" ? from_us + amount_us : sign === "-" ? from_us - amount_us : amount_us;
  return Math.max(0, Math.round(at_us));
}
