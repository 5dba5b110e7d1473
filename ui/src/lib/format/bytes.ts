const units = ["B", "kB", "MB", "GB", "TB"] as const;

/** A size in decimal units with at most three digits: `48.2 MB`. */
export function formatBytes(size_bytes: number): string {
  let value = size_bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)} ${units[unit]}`;
}

export function formatRate(bytes_per_s: number): string {
  return `${formatBytes(bytes_per_s)}/s`;
}
