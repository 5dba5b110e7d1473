import { expect, test } from "vitest";

import type { WireError } from "../ipc";
import { wordingOf } from "./table";

const error = (code: string, action: WireError["action"] = null): WireError => ({
  code, message: "m", fix: null, retry: "permanent", action, until: null, details: [],
});

test("a known code has its own wording", () => {
  expect(wordingOf(error("auth.revoked"))).toEqual({ title: "Sign-in expired", action: { label: "Reconnect", target: "accounts" } });
});

test("an unknown code falls back to what the user can do", () => {
  expect(wordingOf(error("tiktok.spam_risk", "edit_post")).action).toEqual({ label: "Edit post", target: "composer" });
});

test("an unknown code without an action shows only its message", () => {
  expect(wordingOf(error("never.seen"))).toEqual({ title: "", action: null });
});
