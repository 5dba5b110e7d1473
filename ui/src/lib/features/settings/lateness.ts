import type { LatenessPolicy } from "../../ipc";

interface Choice {
  value: string;
  label: string;
}

const minute_ms = 60_000;

function span(time_ms: number): string {
  const minutes = Math.round(time_ms / minute_ms);
  if (minutes % 60 === 0 && minutes > 0) return minutes === 60 ? "1 hour" : `${minutes / 60} hours`;
  return minutes === 1 ? "1 minute" : `${minutes} minutes`;
}

/** A policy as the value of a choice. */
export function valueOf(policy: LatenessPolicy): string {
  return policy.policy === "publish_within" ? `publish_within:${policy.late_ms}` : policy.policy;
}

/** The policy behind the value of a choice; what is no policy asks. */
export function policyOf(value: string): LatenessPolicy {
  const late_ms = Number(value.split(":", 2)[1]);
  if (value.startsWith("publish_within:") && Number.isFinite(late_ms)) return { policy: "publish_within", late_ms };
  return value === "skip" || value === "next_slot" ? { policy: value } : { policy: "ask" };
}

function withPresent(choices: Choice[], present: Choice | undefined): Choice[] {
  return present && !choices.some((choice) => choice.value === present.value) ? [present, ...choices] : choices;
}

/** What there is to choose; what is set now is always among it. */
export function policyChoices(present?: LatenessPolicy): Choice[] {
  const within = (late_ms: number) => ({ value: `publish_within:${late_ms}`, label: `Publish if at most ${span(late_ms)} late, else ask` });
  const set = present?.policy === "publish_within" ? within(present.late_ms) : undefined;
  return withPresent(
    [
      within(15 * minute_ms), within(60 * minute_ms), within(6 * 60 * minute_ms),
      { value: "ask", label: "Ask" },
      { value: "next_slot", label: "Publish at the next free slot" },
      { value: "skip", label: "Let it go" },
    ],
    set,
  );
}

export function spacingChoices(present_ms?: number): Choice[] {
  const apart = (spacing_ms: number) => ({ value: String(spacing_ms), label: spacing_ms === 0 ? "No distance" : span(spacing_ms) });
  return withPresent([0, 5, 10, 30, 60, 180].map((minutes) => apart(minutes * minute_ms)), present_ms === undefined ? undefined : apart(present_ms));
}
