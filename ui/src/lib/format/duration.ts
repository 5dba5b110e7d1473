/** Length of a clip: `0:07`, `12:05`, `1:02:33`. */
export function formatClipLength(duration_ms: number): string {
  const total = Math.round(duration_ms / 1000);
  const seconds = String(total % 60).padStart(2, "0");
  const minutes = Math.floor(total / 60) % 60;
  const hours = Math.floor(total / 3600);
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${seconds}` : `${minutes}:${seconds}`;
}

/** A span of time in its two largest units: `2 h 5 min`, `45 s`, `3 d 4 h`. */
export function formatSpan(span_ms: number): string {
  const total = Math.max(0, Math.round(span_ms / 1000));
  const days = Math.floor(total / 86_400);
  const hours = Math.floor(total / 3600) % 24;
  const minutes = Math.floor(total / 60) % 60;
  const seconds = total % 60;
  if (days > 0) return hours > 0 ? `${days} d ${hours} h` : `${days} d`;
  if (hours > 0) return minutes > 0 ? `${hours} h ${minutes} min` : `${hours} h`;
  if (minutes >= 10) return `${minutes} min`;
  if (minutes > 0) return seconds > 0 ? `${minutes} min ${seconds} s` : `${minutes} min`;
  return `${seconds} s`;
}

/** Seen from `now_ms`: `in 2 h 5 min`, `3 min ago`, `now`. */
export function formatRelative(instant_ms: number, now_ms: number): string {
  const distance = instant_ms - now_ms;
  if (Math.abs(distance) < 1000) return "now";
  return distance > 0 ? `in ${formatSpan(distance)}` : `${formatSpan(-distance)} ago`;
}
