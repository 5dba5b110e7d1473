import { resolveWall } from "../../format/zoned";
import type { Commands } from "../generated/commands";
import type { LatenessSettings, Post, Publication, PublicationState } from "../generated/types";
import { failing } from "./publishing";
import { fakeError } from "./world";

type LateCommand = "decide_missed" | "retry_failed" | "lateness_settings" | "set_lateness_settings" | "set_post_lateness";
export type LateHandlers = { [K in LateCommand]: (request: Commands[K]["request"]) => Commands[K]["response"] | Promise<Commands[K]["response"]> };

export interface LateSurroundings {
  publications(): Publication[];
  publication(id: string): Publication;
  post(id: string): Post;
  move(id: string, to: PublicationState, reason: string, change?: Partial<Publication>): Publication;
  start(id: string): void;
  resume(post: Post): void;
}

/** What becomes of late and failed posts. */
export function lateHandlers(around: LateSurroundings): LateHandlers {
  let lateness: LatenessSettings = { policy: { policy: "publish_within", late_ms: 3_600_000 }, spacing_ms: 600_000 };
  return {
    decide_missed: ({ ids, decision }) =>
      ids.flatMap((id) => {
        if (around.publication(id).state !== "missed") return [];
        if (decision.kind === "let_go") return [around.move(id, "cancelled", "Let go after it was missed")];
        const due = decision.kind === "at" ? resolveWall(decision.wall, decision.zone)?.instant_ms : Date.now() + (decision.kind === "next_slot" ? 600_000 : 0);
        if (due === undefined) throw fakeError("schedule.time", "This date and time cannot be used.", { retry: "needs_user", action: "edit_post" });
        const decided = around.move(id, "scheduled", "Decided after it was missed", { error: null, due_at: new Date(due).toISOString() });
        around.resume(around.post(decided.post_id));
        return [decided];
      }),
    retry_failed: () =>
      around
        .publications()
        .filter(({ state, needs_user_reason }) => state === "failed" || (state === "needs_user" && needs_user_reason === "fix_and_retry"))
        .map(({ id, post_id }) => {
          failing.delete(post_id);
          const again = around.move(id, "scheduled", "Tried again with all that failed", { error: null, needs_user_reason: null, due_at: new Date().toISOString() });
          around.start(id);
          return again;
        }),
    lateness_settings: () => lateness,
    set_lateness_settings: (settings) => (lateness = settings),
    set_post_lateness: ({ post_id }) => around.post(post_id),
  };
}
