import { describe, expect, test } from "vitest";

import type { Post, Publication, PublicationState } from "../ipc";
import { newId } from "./new_id";
import { isInTab, statusOf } from "./publication_status";
import { readRoute } from "./router.svelte";

const publication = (state: PublicationState, more: Partial<Publication> = {}): Publication => ({
  id: "p", post_id: "x", account_id: "a", account_name: "A", platform: "tiktok", platform_name: "TikTok", realm: "practice", state,
  since: "", needs_user_reason: null, error: null, warnings: [], planned: null, due_at: null, next_attempt_at: null, receipt: null, hand_over: false, postponed_from: null, is_let_go: false, paused_at: null, sending_plan: null, actions: [], ...more,
});
const post = (...states: PublicationState[]): Post => ({
  draft: { id: "x", asset_id: null, edit: null, wishes: null, caption: "", destinations: [], planned: null },
  created_at: "", updated_at: "", publications: states.map((state) => publication(state)),
});

describe("filter tabs", () => {
  test("a post without destinations is a draft", () => expect(isInTab(post(), "drafts")).toBe(true));

  test("a half failed post is in both tabs", () => {
    const mixed = post("published", "failed");
    expect([isInTab(mixed, "published"), isInTab(mixed, "failed"), isInTab(mixed, "drafts")]).toEqual([true, true, false]);
  });
});

describe("status", () => {
  test("a warning does not hide in a plain Published", () => {
    expect(statusOf(publication("published", { warnings: ["cover not set"] })).label).toBe("Published, warning");
    expect(statusOf(publication("handed_off", { warnings: ["cover not set"] })).label).toBe("Handed over, warning");
  });

  test("the user's word is told apart from the platform's", () => {
    const receipt = { remote_id: null, url: null, published_at: "", visibility: null, read_back: false };
    expect(statusOf(publication("published", { receipt })).meaning).toContain("You have seen it");
  });
});

test("an address leads to its view, and nonsense leads home", () => {
  expect(readRoute("#/composer/a%2Fb")).toEqual({ view: "composer", id: "a/b" });
  expect(readRoute("#/nowhere")).toEqual({ view: "today", id: null });
});

test("new ids are UUIDs of version 7 in the order of time", () => {
  const first = newId(1_700_000_000_000);
  const second = newId(1_700_000_000_001);
  expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(first < second).toBe(true);
});
