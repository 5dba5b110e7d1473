import { actionsIn, studioWorld, type World } from "./world";

const hour_ms = 3_600_000;

/** The studio after a night asleep: what was planned has missed its time, one post as its user wanted it. */
export function sleptWorld(now: number): World {
  const world = studioWorld(now);
  let hours = 2;
  for (const publication of world.posts.flatMap((post) => post.publications)) {
    if (publication.state !== "scheduled" && publication.state !== "staged") continue;
    publication.state = "missed";
    publication.due_at = new Date(now - hours * hour_ms).toISOString();
    publication.actions = actionsIn("missed", null);
    hours += 1;
  }
  const skipped = world.posts.flatMap((post) => post.publications).find((publication) => publication.state === "failed");
  if (skipped) Object.assign(skipped, { state: "missed", is_let_go: true, error: null });
  return world;
}
