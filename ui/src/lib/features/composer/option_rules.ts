import type { OptionRule, OptionSpec, OptionValue } from "../../ipc";

const holds = (condition: { option: string; value: OptionValue }, values: Record<string, OptionValue>) =>
  values[condition.option] === condition.value;

/** Whether an option exists at the moment. */
export function isShown(option: OptionSpec, values: Record<string, OptionValue>): boolean {
  return option.depends_on === null || holds(option.depends_on, values);
}

/** Values of `option` that the other answers exclude, each with the sentence that says why. */
export function refusedChoices(option: string, rules: readonly OptionRule[], values: Record<string, OptionValue>): Map<string, string> {
  const refused = new Map<string, string>();
  for (const rule of rules) {
    if (rule.kind !== "excludes" || rule.option !== option || typeof rule.value !== "string") continue;
    if (holds(rule.when, values)) refused.set(rule.value, rule.message);
  }
  return refused;
}
