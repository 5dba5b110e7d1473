import type { DestinationCheck, Finding, Post, PostCheck, PostingOptions, Platform, Asset } from "../generated/types";
import { countTags, countText, resolveText, unitName } from "../../format/text_length";

const blocking = (rule: string, message: string, field: string | null = null, more: Partial<Finding> = {}): Finding => ({
  severity: "blocking", rule, message, measured: null, limit: null, source: null, fix: null, field, ...more,
});

/** Judges a draft as the core does: text, options and file, per destination. */
export function checkPost(
  post: Post,
  asset: Asset | undefined,
  facts: { account_id: string; account_name: string; platform: Platform; posting: PostingOptions }[],
): PostCheck {
  const findings: Finding[] = [];
  if (!asset) findings.push(blocking("post.asset", "The post has no video yet.", null, { fix: "Choose a video." }));
  if (asset && asset.state === "probing") findings.push(blocking("post.asset", "The video is still being measured."));
  if (post.draft.destinations.length === 0) {
    findings.push(blocking("post.destinations", "The post goes nowhere yet.", null, { fix: "Choose at least one account." }));
  }
  const destinations = facts.map(({ account_id, platform, posting }): DestinationCheck => {
    const destination = post.draft.destinations.find((candidate) => candidate.account_id === account_id)!;
    const own: Finding[] = [];
    for (const rule of platform.text_rules) {
      const text = resolveText(rule, destination.text[rule.field], post.draft.caption);
      const count = countText(text, rule.unit);
      if (rule.required && text.trim() === "") own.push(blocking("text.missing", `${platform.name} needs a ${rule.label.toLowerCase()}.`, rule.field));
      if (count > rule.max) {
        own.push(blocking("text.too_long", `The ${rule.label.toLowerCase()} is too long for ${platform.name}.`, rule.field, {
          measured: `${count} ${unitName(rule.unit)}`, limit: `at most ${rule.max}`, fix: "Shorten it, or write a text for this destination only.",
        }));
      }
      const found = rule.forbidden.find((character) => text.includes(character));
      if (found) own.push(blocking("text.forbidden", `${platform.name} does not allow “${found}” in the ${rule.label.toLowerCase()}.`, rule.field));
    }
    const options = destination.options;
    for (const option of platform.options) {
      if (option.depends_on && options[option.depends_on.option] !== option.depends_on.value) continue;
      const value = options[option.key] ?? option.default;
      if (option.required && (value === null || value === "")) {
        own.push(blocking("option.missing", `${platform.name}: choose “${option.label}”.`, option.key));
      }
      if (option.kind.kind === "tags" && Array.isArray(value) && countTags(value, option.kind.unit) > option.kind.max) {
        own.push(blocking("option.too_long", `${platform.name}: the tags are too long together.`, option.key));
      }
    }
    for (const rule of platform.option_rules) {
      if (options[rule.when.option] !== rule.when.value) continue;
      if (rule.kind === "one_of" && !rule.options.some((key) => options[key] === true)) {
        own.push(blocking("option.rule", rule.message, rule.when.option));
      }
      if (rule.kind === "excludes" && options[rule.option] === rule.value) own.push(blocking("option.rule", rule.message, rule.option));
    }
    if (posting.blocked) own.push(blocking("account.blocked", posting.blocked));
    const media = asset?.compliance.find((entry) => entry.platform === platform.id)?.findings ?? [];
    const converts = media.some((finding) => finding.severity === "fixable");
    return {
      account_id,
      findings: [...own, ...media],
      plan: asset?.media
        ? { rung: converts ? "encode" : "as_is", reasons: media.filter((finding) => finding.severity === "fixable").map((finding) => finding.message) }
        : null,
    };
  });
  const blocked = [...findings, ...destinations.flatMap((destination) => destination.findings)];
  return {
    post_id: post.draft.id, destinations, findings,
    can_schedule: !blocked.some((finding) => finding.severity === "blocking"),
  };
}
