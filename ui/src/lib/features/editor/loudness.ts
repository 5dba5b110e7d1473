import type { SoundEdit } from "../../ipc";

/** What the volume and the fades make of the sound at a moment of the result; 1 leaves it as it is. Normalising is not foretold. */
export function gainAt({ muted, volume_db, fade_in_ms, fade_out_ms }: SoundEdit, result_at_us: number, result_us: number): number {
  if (muted) return 0;
  const share = (done_us: number, fade_ms: number) => (fade_ms === 0 ? 1 : Math.min(1, Math.max(0, done_us / (fade_ms * 1000))));
  return 10 ** (volume_db / 20) * share(result_at_us, fade_in_ms) * share(result_us - result_at_us, fade_out_ms);
}
