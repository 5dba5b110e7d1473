import type { OptionSpec, Platform, PostingOptions, Realm } from "../generated/types";

const toggle = (key: string, label: string, help: string, depends_on: OptionSpec["depends_on"] = null): OptionSpec => ({
  key, label, help, kind: { kind: "toggle" }, required: false, default: false, depends_on,
});

const disclosed = { option: "disclose_commercial", value: true };

const tiktok: Omit<Platform, "realm" | "credentials" | "credentials_set"> = {
  id: "tiktok",
  name: "TikTok",
  limits: [
    { label: "Files", value: "MP4, MOV, WebM" },
    { label: "Length", value: "at most 10 min" },
    { label: "Size", value: "at most 4 GiB" },
    { label: "Frame rate", value: "23 to 60 fps" },
    { label: "Picture", value: "360 to 4096 px on each side" },
  ],
  text_rules: [
    { field: "title", label: "Caption", required: false, unit: "utf16", max: 2200, forbidden: [], default: "caption" },
  ],
  options: [
    {
      key: "privacy_level", label: "Who can view this video", required: true, default: null, depends_on: null,
      kind: { kind: "choice", choices: [], from_account: true },
      help: "TikTok asks you to choose for every post.",
    },
    toggle("allow_comment", "Allow comments", ""),
    toggle("allow_duet", "Allow Duet", ""),
    toggle("allow_stitch", "Allow Stitch", ""),
    toggle("disclose_commercial", "Disclose video content", "Turn on when the video promotes goods or services in exchange for something of value."),
    toggle("your_brand", "Your brand", "You promote yourself or your own business. TikTok labels the video “Promotional content”.", disclosed),
    toggle("branded_content", "Branded content", "You promote another brand or a third party. TikTok labels the video “Paid partnership”.", disclosed),
    toggle("ai_generated", "AI-generated", "The video was made or changed with AI in a way that looks real."),
  ],
  option_rules: [
    {
      kind: "one_of", when: disclosed, options: ["your_brand", "branded_content"],
      message: "Say whether the video promotes your own brand, another brand, or both.",
    },
    {
      kind: "excludes", when: { option: "branded_content", value: true }, option: "privacy_level", value: "SELF_ONLY",
      message: "Branded content visibility cannot be private. Choose who can view it.",
    },
  ],
  consent: {
    text: "By posting, you agree to TikTok's Music Usage Confirmation and, for branded content, its Branded Content Policy. Processing may take a few minutes.",
    links: [
      { label: "Music Usage Confirmation", url: "https://www.tiktok.com/legal/page/global/music-usage-confirmation/en" },
      { label: "Branded Content Policy", url: "https://www.tiktok.com/legal/page/global/bc-policy/en" },
    ],
  },
  holds_schedule: false,
};

const youtube: Omit<Platform, "realm" | "credentials" | "credentials_set"> = {
  id: "youtube",
  name: "YouTube",
  limits: [
    { label: "Files", value: "MP4, MOV, WebM, Matroska, AVI" },
    { label: "Length", value: "at most 12 h" },
    { label: "Size", value: "at most 256 GiB" },
  ],
  text_rules: [
    { field: "title", label: "Title", required: true, unit: "utf16", max: 100, forbidden: ["<", ">"], default: "first_line_of_caption" },
    { field: "description", label: "Description", required: false, unit: "bytes", max: 5000, forbidden: ["<", ">"], default: "caption" },
  ],
  options: [
    {
      key: "visibility", label: "Visibility", required: true, default: null, depends_on: null, help: "Who can watch the video.",
      kind: {
        kind: "choice", from_account: false,
        choices: [
          { value: "public", label: "Public" },
          { value: "unlisted", label: "Unlisted" },
          { value: "private", label: "Private" },
        ],
      },
    },
    {
      key: "made_for_kids", label: "Made for kids", required: true, default: null, depends_on: null,
      help: "YouTube asks everyone to say so, by law (COPPA).",
      kind: {
        kind: "choice", from_account: false,
        choices: [
          { value: "no", label: "No, it's not made for kids" },
          { value: "yes", label: "Yes, it's made for kids" },
        ],
      },
    },
    { key: "tags", label: "Tags", required: false, default: null, depends_on: null, help: "500 characters in total; a tag with a space counts two more.", kind: { kind: "tags", max: 500, unit: "utf16" } },
    {
      key: "category", label: "Category", required: false, default: "22", depends_on: null, help: "",
      kind: {
        kind: "choice", from_account: false,
        choices: [
          { value: "22", label: "People & Blogs" }, { value: "26", label: "Howto & Style" }, { value: "19", label: "Travel & Events" }, { value: "17", label: "Sports" },
        ],
      },
    },
    {
      key: "license", label: "License", required: false, default: "youtube", depends_on: null, help: "",
      kind: {
        kind: "choice", from_account: false,
        choices: [{ value: "youtube", label: "Standard YouTube License" }, { value: "creativeCommon", label: "Creative Commons - Attribution" }],
      },
    },
    toggle("synthetic_media", "Altered or synthetic content", "Realistic content made or changed with AI."),
    { ...toggle("notify_subscribers", "Notify subscribers", ""), default: true },
  ],
  option_rules: [],
  consent: null,
  holds_schedule: true,
};

const guides: Record<string, { redirect_uri: string; steps: string[] }> = {
  tiktok: {
    redirect_uri: "http://127.0.0.1:*/callback/",
    steps: [
      "Open developers.tiktok.com, sign in and create an app of the type “Desktop”.",
      "Add the products Login Kit and Content Posting API, and switch on Direct Post.",
      "Register the redirect URI below, exactly as it stands.",
      "Ask for the scopes user.info.basic and video.publish.",
      "Copy the client key and the client secret into the two fields.",
    ],
  },
  youtube: {
    redirect_uri: "http://127.0.0.1",
    steps: [
      "Open console.cloud.google.com and create a project.",
      "Enable the YouTube Data API v3 for it.",
      "Create an OAuth client of the type “Desktop app”; its redirect URI below is allowed by itself.",
      "Publish the consent screen: in “Testing”, sign-ins end after seven days.",
      "Copy the client ID and the client secret into the two fields.",
    ],
  },
};

/** Every platform in both realms; the real ones take part once their credentials are set. */
export function platforms(credentialsSet: readonly string[]): Platform[] {
  const realms: Realm[] = ["practice", "real"];
  return realms.flatMap((realm) =>
    [tiktok, youtube].map((platform) => ({
      ...platform,
      realm,
      credentials: realm === "real" ? (guides[platform.id] ?? null) : null,
      credentials_set: realm === "practice" || credentialsSet.includes(platform.id),
    })),
  );
}

export function postingOptions(account_id: string, platform: string): PostingOptions {
  if (platform !== "tiktok") return { account_id, blocked: null, choices: {}, disabled: {}, max_duration_ms: null };
  return {
    account_id,
    blocked: null,
    choices: {
      privacy_level: [
        { value: "PUBLIC_TO_EVERYONE", label: "Everyone" },
        { value: "MUTUAL_FOLLOW_FRIENDS", label: "Friends" },
        { value: "SELF_ONLY", label: "Only me" },
      ],
    },
    disabled: { allow_stitch: "Stitch is switched off in this TikTok account." },
    max_duration_ms: 600_000,
  };
}
