import { formatRate } from "../../format/bytes";
import { formatSpan } from "../../format/duration";
import { formatInstant } from "../../format/zoned";
import type { Publication, SendingPlan } from "../../ipc";

/** “Starts sending at 17:42: about 6 min at 8.00 MB/s.” and why, where that is not plain. */
export function sendingSentence(plan: SendingPlan, zone: string, now_ms: number): string {
  const starts_ms = Date.parse(plan.starts_at);
  const start = starts_ms > now_ms ? `Starts sending at ${formatInstant(starts_ms, zone, now_ms)}` : "Waits for its turn to be sent";
  const why = plan.is_limited ? ", as your bandwidth limit allows" : plan.is_measured ? "" : ", assumed until an upload was measured";
  const late = plan.is_too_late ? " It will be late: there is not enough time left." : "";
  return `${start}: about ${formatSpan(plan.takes_s * 1000)} at ${formatRate(plan.rate_bytes_per_s)}${why}.${late}`;
}

/** What a pause means now; null while there is none. */
export function pauseSentence(publication: Pick<Publication, "paused_at" | "due_at">, all_paused: boolean, now_ms: number): string | null {
  if (publication.paused_at === null && !all_paused) return null;
  const who = publication.paused_at !== null ? "Paused by you" : "All transfers are paused";
  const is_late = publication.due_at !== null && Date.parse(publication.due_at) < now_ms;
  return is_late ? `${who}; its time has passed, and it goes out when you resume it.` : `${who}; it goes on where it was when you resume it.`;
}
