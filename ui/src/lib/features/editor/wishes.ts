import type { Wishes } from "../../ipc";

/** What a post is made with when nobody wished anything. */
export const unwished: Wishes = { encode: "when_needed", sharing: "fewest", quality: "standard", keeps_metadata: true };

/** Null where nothing in particular is wished, as in a post that was never asked. */
export function wished(before: Wishes | null | undefined, change: Partial<Wishes>): Wishes | null {
  const wishes = { ...unwished, ...before, ...change };
  return (Object.keys(unwished) as (keyof Wishes)[]).every((key) => wishes[key] === unwished[key]) ? null : wishes;
}
