import type { Post, Publication, PublicationState } from "../ipc";

export type Tone = "neutral" | "info" | "success" | "warning" | "danger";
export type StatusIcon =
  | "draft" | "clock" | "gear" | "check" | "upload" | "ready" | "send" | "search" | "published" | "handed" | "question" | "user" | "missed" | "failed" | "cancelled" | "pause";

export interface Status {
  label: string;
  icon: StatusIcon;
  tone: Tone;
  /** One sentence that says what it means. */
  meaning: string;
}

const table: Record<PublicationState, Status> = {
  draft: { label: "Draft", icon: "draft", tone: "neutral", meaning: "Being written; nothing is planned." },
  scheduled: { label: "Scheduled", icon: "clock", tone: "info", meaning: "Waits for its time. Needs this computer to be on." },
  preparing: { label: "Preparing", icon: "gear", tone: "info", meaning: "The file is checked and, where needed, converted." },
  ready: { label: "Ready", icon: "check", tone: "info", meaning: "What will be sent exists and complies." },
  uploading: { label: "Uploading", icon: "upload", tone: "info", meaning: "On its way; nothing is public yet." },
  staged: { label: "Staged", icon: "ready", tone: "info", meaning: "Uploaded but for the last piece, which goes out at the due second." },
  publishing: { label: "Publishing", icon: "send", tone: "info", meaning: "The last piece is being sent." },
  confirming: { label: "Confirming", icon: "search", tone: "info", meaning: "Sent; Daypart is reading it back from the platform." },
  published: { label: "Published", icon: "published", tone: "success", meaning: "Read back from the platform: it is there." },
  handed_off: { label: "Handed over", icon: "handed", tone: "success", meaning: "The platform holds the time: safe with the computer off." },
  in_doubt: { label: "In doubt", icon: "question", tone: "warning", meaning: "Sent, and unknown whether it arrived. Daypart is looking; nothing is sent twice." },
  needs_user: { label: "Needs you", icon: "user", tone: "warning", meaning: "Stopped until you do something." },
  missed: { label: "Missed", icon: "missed", tone: "warning", meaning: "Its time passed while this computer could not send it." },
  failed: { label: "Failed", icon: "failed", tone: "danger", meaning: "It did not work. Nothing is public." },
  cancelled: { label: "Cancelled", icon: "cancelled", tone: "neutral", meaning: "Called off before anything was public." },
};

/** How a publication reads: always an icon, a word and a tone. */
export function statusOf(publication: Pick<Publication, "state" | "warnings" | "receipt" | "hand_over" | "platform_name"> & Partial<Pick<Publication, "paused_at">>): Status {
  const status = table[publication.state];
  if (publication.paused_at) {
    return { label: "Paused", icon: "pause", tone: "neutral", meaning: "Held back by you: nothing of it is sent, and it does not go public, before you resume it." };
  }
  if (publication.hand_over) {
    return { ...status, meaning: `${status.meaning.split(".", 1)[0]}. Is handed to ${publication.platform_name}, which publishes it at its time; after that this computer may be off.` };
  }
  if (publication.state === "handed_off" && publication.warnings.length > 0) return { ...status, label: "Handed over, warning" };
  if (publication.state !== "published") return status;
  if (publication.receipt && !publication.receipt.read_back) {
    return { ...status, meaning: "You have seen it at the platform; the platform could not be read back." };
  }
  return publication.warnings.length > 0 ? { ...status, label: "Published, warning" } : status;
}

export function stateLabel(state: PublicationState): string {
  return table[state].label;
}

export const postTabs = ["all", "drafts", "scheduled", "moving", "needs_you", "published", "failed"] as const;
export type PostTab = (typeof postTabs)[number];

export const tabLabels: Record<PostTab, string> = {
  all: "All", drafts: "Drafts", scheduled: "Scheduled", moving: "In progress", needs_you: "Needs you", published: "Published", failed: "Failed",
};

const tabStates: Record<Exclude<PostTab, "all" | "drafts">, readonly PublicationState[]> = {
  scheduled: ["scheduled", "ready", "staged", "handed_off"],
  moving: ["preparing", "uploading", "publishing", "confirming", "in_doubt"],
  needs_you: ["needs_user", "missed"],
  published: ["published"],
  failed: ["failed", "cancelled"],
};

export function isDraft(post: Post): boolean {
  return post.publications.every((publication) => publication.state === "draft");
}

/** A post is in every tab that one of its publications belongs to. */
export function isInTab(post: Post, tab: PostTab): boolean {
  if (tab === "all") return true;
  if (tab === "drafts") return isDraft(post);
  return post.publications.some((publication) => tabStates[tab].includes(publication.state));
}

const waiting: readonly PublicationState[] = ["scheduled", "preparing", "ready", "uploading", "staged", "handed_off"];

/** Still to go out at a later time. */
export function isUpcoming(publication: Publication): boolean {
  return waiting.includes(publication.state) && publication.due_at !== null;
}

export function needsYou(publication: Publication): boolean {
  return ["needs_user", "missed", "failed", "in_doubt"].includes(publication.state) && !publication.is_let_go;
}

/** Missed, and somebody has to decide about it. */
export function isMissed(publication: Publication): boolean {
  return publication.state === "missed" && !publication.is_let_go;
}

/** "Try everything again that failed" means this one too. */
export function isRetriable(publication: Publication): boolean {
  return publication.state !== "missed" && publication.state !== "published" && publication.state !== "cancelled" && publication.actions.includes("retry");
}

/** Moving, or about to; belongs into Activity. */
export function isMoving(publication: Publication): boolean {
  if (publication.paused_at !== null || (publication.state === "ready" && publication.sending_plan !== null)) return true;
  return ["preparing", "uploading", "publishing", "confirming", "in_doubt"].includes(publication.state);
}
