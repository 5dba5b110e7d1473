import { describe, expect, it } from "vitest";

import type { SendingPlan } from "../../ipc";
import { pauseSentence, sendingSentence } from "./sending";

const now = Date.parse("2026-11-21T16:00:00Z");
const plan: SendingPlan = {
  starts_at: "2026-11-21T16:42:00Z", takes_s: 360, rate_bytes_per_s: 8_000_000, is_measured: true, is_limited: false, is_too_late: false,
};

describe("what is told about sending", () => {
  it("names the start on the user's clock, the time it takes and the rate", () => {
    const told = sendingSentence(plan, "Europe/Berlin", now);
    expect(told).toContain("17:42");
    expect(told).toContain("about 6 min at 8.00 MB/s.");
  });

  it("says when a limit or an assumption decides, and when it will be late", () => {
    expect(sendingSentence({ ...plan, is_limited: true }, "UTC", now)).toContain("as your bandwidth limit allows");
    expect(sendingSentence({ ...plan, is_measured: false }, "UTC", now)).toContain("assumed until an upload was measured");
    expect(sendingSentence({ ...plan, is_too_late: true }, "UTC", now)).toContain("It will be late");
  });

  it("says who paused, and that a time which passed meanwhile is late by the user's own wish", () => {
    const due_at = "2026-11-21T15:00:00Z";
    expect(pauseSentence({ paused_at: null, due_at }, false, now)).toBeNull();
    expect(pauseSentence({ paused_at: due_at, due_at }, false, now)).toBe("Paused by you; its time has passed, and it goes out when you resume it.");
    expect(pauseSentence({ paused_at: null, due_at: null }, true, now)).toBe("All transfers are paused; it goes on where it was when you resume it.");
  });
});
