import type { Choice, OptionSpec } from "../ipc";

/** A platform's own word for a visibility, as its options label it; else made readable: `MUTUAL_FOLLOW` → `Mutual follow`. */
export function visibilityLabel(value: string, options: readonly OptionSpec[], offered: Readonly<Record<string, Choice[]>> = {}): string {
  const choices = options.flatMap((option) => (option.kind.kind === "choice" ? [...option.kind.choices, ...(offered[option.key] ?? [])] : []));
  const known = choices.find((choice) => choice.value === value);
  if (known) return known.label;
  const words = value.replaceAll("_", " ").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
