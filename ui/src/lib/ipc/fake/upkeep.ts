import type { Commands } from "../generated/commands";
import type { LogEntry, StorageReport } from "../generated/types";
import { fakeError, type World } from "./world";

export type UpkeepCommand =
  | "check_account" | "publication_entries" | "publication_log_text" | "save_publication_log" | "reach_platforms"
  | "storage" | "clean_up" | "keep_history" | "diagnostics" | "save_diagnostics";
export type UpkeepHandlers = { [K in UpkeepCommand]: (request: Commands[K]["request"]) => Commands[K]["response"] };

const grave = new Set(["failed", "in_doubt", "needs_user", "missed"]);
const levels = ["info", "warning", "error"];

function entriesOf(world: World, id: string): LogEntry[] {
  const log = world.logs[id];
  if (!log) return [];
  const bare = { code: null, http_status: null, platform_code: null, platform_message: null, request_id: null };
  const moves = log.events.map((event): LogEntry => ({
    ...bare, at: event.at, source: event.actor, attempt: null, text: `${event.to.replaceAll("_", " ")}: ${event.reason}`,
    level: event.to === "failed" ? "error" : grave.has(event.to) ? "warning" : "info",
  }));
  const lines = log.attempts.flatMap((attempt, index) =>
    attempt.lines.map((line): LogEntry => ({ ...bare, at: line.at, level: "info", source: attempt.step, attempt: index + 1, text: line.text })),
  );
  return [...moves, ...lines].sort((a, b) => a.at.localeCompare(b.at));
}

/** The part of the fake core that looks after itself. */
export function upkeep(world: () => World): UpkeepHandlers {
  const sizes = { database: 4_200_000, renditions: 310_000_000, pictures: 2_100_000, caches: 48_000_000, proxies: 120_000_000, logs: 900_000, practice: 300_000, other: 12_000 };
  const labels: Record<keyof typeof sizes, string> = {
    database: "Database and its copies", renditions: "Converted files", pictures: "Pictures of files and accounts", caches: "Caches of the editor",
    proxies: "Copies for looking at", logs: "Logs", practice: "Practice platforms", other: "Everything else",
  };
  let history_days: number | null = 90;
  let cleaned_at: string | null = null;
  const report = (): StorageReport => {
    const parts = (Object.keys(sizes) as (keyof typeof sizes)[]).map((code) => ({ code, label: labels[code], size_bytes: sizes[code] }));
    return { parts, total_bytes: parts.reduce((sum, part) => sum + part.size_bytes, 0), free_bytes: 84_000_000_000, history_days, cleaned_at };
  };
  const text = (request: Commands["publication_log_text"]["request"]): string => {
    const entries = entriesOf(world(), request.id).filter((entry) => levels.indexOf(entry.level) >= levels.indexOf(request.least));
    if (request.format === "json") return JSON.stringify(entries, null, 2);
    const separator = request.format === "csv" ? "," : "  ";
    return entries.map((entry) => [entry.at, entry.level, entry.source, entry.text].join(separator)).join("\n");
  };
  return {
    check_account: ({ id }) => {
      const account = world().accounts.find((candidate) => candidate.id === id);
      if (!account) throw fakeError("account.unknown", "This account is not known to Daypart.");
      account.checked_at = new Date().toISOString();
      account.check_error = null;
      return account;
    },
    publication_entries: ({ id }) => entriesOf(world(), id),
    publication_log_text: text,
    save_publication_log: ({ format }) => `~/Documents/daypart-log.${format === "text" ? "txt" : format}`,
    reach_platforms: () => ({
      checks: [
        { code: "reach-practice-tiktok", label: "Practice TikTok", state: "ok", message: "Answers within 3 ms. The clocks agree.", fix: null },
        {
          code: "reach-youtube", label: "YouTube", state: "warning", message: "Answers within 48 ms. This computer's clock is 61 s behind it.",
          fix: "Set the clock of this computer to be kept by a time server.",
        },
      ],
    }),
    storage: report,
    clean_up: () => {
      const size_bytes = sizes.renditions;
      sizes.renditions = 0;
      cleaned_at = new Date().toISOString();
      return { files: size_bytes > 0 ? 3 : 0, size_bytes, uploads: 0, posts: 0, storage: report() };
    },
    keep_history: ({ days }) => {
      history_days = days;
      return report();
    },
    diagnostics: () => [
      { name: "about.txt", text: "Daypart 0.1.0\nlinux x86_64\n" },
      { name: "log.txt", text: "{\"level\":\"INFO\",\"message\":\"moved\"}\n" },
    ],
    save_diagnostics: () => "~/Documents/daypart-diagnostics",
  };
}
