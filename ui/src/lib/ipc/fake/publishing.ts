import type { Asset, Publication, PublicationLog, PublicationState, TransferProgress, WireError } from "../generated/types";
import { actionsIn, fakeError, isPausable, receiptOf } from "./world";

/** What the simulated engine needs from its surroundings. */
export interface Stage {
  now(): number;
  /** Resolves after simulated time; rejects never. */
  wait(duration_ms: number): Promise<void>;
  /** Null when the publication is gone. */
  current(id: string): Publication | null;
  /** Whether the user holds it back. */
  held(id: string): boolean;
  asset(publication: Publication): Asset | undefined;
  move(id: string, to: PublicationState, actor: string, reason: string, change?: Partial<Publication>): void;
  line(id: string, step: string, text: string): void;
  progress(progress: TransferProgress): void;
}

const chunk_bytes = 10_000_000;
const rate_bytes_per_s = 9_400_000;

/** Plays one publication from `scheduled` to its end, as the engine would. Stops where somebody else moved it. */
export async function play(stage: Stage, id: string): Promise<void> {
  const at = (state: PublicationState) => stage.current(id)?.state === state;
  const start = stage.current(id);
  const asset = start && stage.asset(start);
  if (!start || !asset) return;

  stage.move(id, "preparing", "step", "Checking the file");
  await stage.wait(400);
  if (!at("preparing")) return;
  stage.move(id, "ready", "step", "Complies as it is: sent without conversion");
  await stage.wait(300);
  while (stage.held(id)) await stage.wait(250);
  if (!at("ready")) return;

  stage.move(id, "uploading", "step", "Upload opened");
  stage.line(id, "upload", `Opened an upload of ${Math.max(1, Math.floor(asset.size_bytes / chunk_bytes))} chunks`);
  const failure = failureOf(start, asset);
  const held_back = Math.min(chunk_bytes, Math.ceil(asset.size_bytes / 4));
  let sent = 0;
  while (sent < asset.size_bytes - held_back) {
    await stage.wait(250);
    if (!at("uploading")) return;
    if (stage.held(id)) continue;
    sent = Math.min(sent + rate_bytes_per_s / 4, asset.size_bytes - held_back);
    stage.progress({
      publication_id: id, sent_bytes: Math.round(sent), total_bytes: asset.size_bytes, rate_bytes_per_s,
      eta_s: Math.ceil((asset.size_bytes - held_back - sent) / rate_bytes_per_s),
    });
    if (failure && sent > asset.size_bytes / 3) {
      stage.line(id, "upload", failure.details[0] ?? failure.message);
      stage.move(id, "failed", "step", failure.message, { error: failure });
      return;
    }
  }
  stage.line(id, "upload", "Everything but the last chunk is stored; it waits for its time");
  stage.move(id, "staged", "step", "All bytes but the last chunk are at the platform");

  const due = Date.parse(start.due_at ?? "");
  if (due > stage.now()) await stage.wait(due - stage.now());
  while (stage.held(id)) await stage.wait(250);
  if (!at("staged")) return;
  stage.move(id, "publishing", "scheduler", "Due");
  stage.line(id, "publish", "Sent the last chunk: 201");
  await stage.wait(500);
  if (!at("publishing")) return;
  stage.move(id, "confirming", "step", "The platform took the last byte");
  await stage.wait(700);
  const confirming = stage.current(id);
  if (!confirming || confirming.state !== "confirming") return;
  stage.line(id, "confirm", "Read back: the post is there");
  stage.move(id, "published", "step", "Read back from the platform", { receipt: receiptOf(confirming, stage.now()), error: null });
}

/** A caption with `#fail` makes the upload fail, so that the failure can be looked at. */
function failureOf(publication: Publication, asset: Asset): WireError | null {
  if (!failing.has(publication.post_id)) return null;
  return fakeError("file.refused", `${publication.platform_name} refused “${asset.file_name}” at “${publication.account_name}”.`, {
    fix: "Look at the details, change the post, and try again.",
    details: ["PUT chunk 3: 400 invalid_file_upload", `The platform said: HTTP 400, code invalid_file_upload, request L-${publication.id.slice(-6)}`],
  });
}

/** Posts whose uploads fail. */
export const failing = new Set<string>();

/** A change of state and what follows from it. */
export function moved(publication: Publication, to: PublicationState, at: number, change: Partial<Publication> = {}): Publication {
  const next = { ...publication, ...change, state: to, since: new Date(at).toISOString() };
  const paused_at = isPausable(to) ? next.paused_at : null;
  return { ...next, paused_at, actions: actionsIn(to, next.needs_user_reason, paused_at !== null) };
}

/** A line of the attempt under way, which begins with its first one. */
export function addLine(log: PublicationLog, id: string, step: string, text: string): void {
  const at = new Date().toISOString();
  let attempt = log.attempts.at(-1);
  if (!attempt || attempt.step !== step) {
    attempt = { id, step, started_at: at, ended_at: null, outcome: null, lines: [] };
    log.attempts.push(attempt);
  }
  attempt.lines.push({ at, text });
  attempt.ended_at = at;
}
