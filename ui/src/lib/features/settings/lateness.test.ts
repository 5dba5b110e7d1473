import { describe, expect, it } from "vitest";

import type { LatenessPolicy } from "../../ipc";
import { policyChoices, policyOf, spacingChoices, valueOf } from "./lateness";

describe("lateness policies", () => {
  it("come back from the choice that stands for them", () => {
    const policies: LatenessPolicy[] = [{ policy: "publish_within", late_ms: 3_600_000 }, { policy: "ask" }, { policy: "skip" }, { policy: "next_slot" }];
    for (const policy of policies) expect(policyOf(valueOf(policy))).toEqual(policy);
  });

  it("ask when the choice makes no sense", () => {
    expect(policyOf("publish_within:soon")).toEqual({ policy: "ask" });
    expect(policyOf("")).toEqual({ policy: "ask" });
  });

  it("show what is set even when it is unusual", () => {
    expect(policyChoices({ policy: "publish_within", late_ms: 120 * 60_000 })[0]?.label).toBe("Publish if at most 2 hours late, else ask");
    expect(policyChoices({ policy: "ask" }).filter((choice) => choice.value === "ask")).toHaveLength(1);
    expect(spacingChoices(60_000)[0]).toEqual({ value: "60000", label: "1 minute" });
    expect(spacingChoices(600_000)).toHaveLength(6);
  });
});
