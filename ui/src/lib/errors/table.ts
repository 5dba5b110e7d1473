import type { UserAction, WireError } from "../ipc";

/** Places in the interface a failure can lead to. */
export type ErrorTarget = "accounts" | "composer" | "library" | "settings";

export interface ErrorWording {
  title: string;
  action: { label: string; target: ErrorTarget } | null;
}

const reconnect = { label: "Reconnect", target: "accounts" } as const;
const credentials = { label: "Enter credentials", target: "accounts" } as const;
const editPost = { label: "Edit post", target: "composer" } as const;
const openLibrary = { label: "Open library", target: "library" } as const;
const seeHealth = { label: "See what is missing", target: "settings" } as const;

/** Code → wording and action. A code that is not here shows its own message and fix. */
const byCode: Record<string, ErrorWording> = {
  "account.blocked": { title: "The platform takes no posts from this account", action: null },
  "account.disconnected": { title: "Account disconnected", action: reconnect },
  "account.no_channel": { title: "No channel in this account", action: reconnect },
  "app.not_approved": { title: "The platform has not approved your client", action: credentials },
  "auth.client": { title: "Client credentials are wrong", action: credentials },
  "auth.code_refused": { title: "The sign-in was not completed", action: reconnect },
  "auth.denied": { title: "Permission was not given", action: reconnect },
  "auth.expired": { title: "Sign-in expired", action: reconnect },
  "auth.page": { title: "The sign-in page reported a problem", action: reconnect },
  "auth.revoked": { title: "Sign-in expired", action: reconnect },
  "auth.scope": { title: "A permission is missing", action: reconnect },
  "browser.unavailable": { title: "No browser opened", action: null },
  "captions.invalid": { title: "The captions cannot be used", action: editPost },
  "captions.missing": { title: "The captions are gone", action: editPost },
  "captions.unreadable": { title: "The captions cannot be read", action: editPost },
  "confirm.unknown": { title: "Sent, but not confirmed", action: null },
  "connect.ended": { title: "Connection ended", action: null },
  "daypart.bug": { title: "A mistake in Daypart", action: null },
  "disk.full": { title: "The disk is full", action: seeHealth },
  "file.changed": { title: "The file has changed", action: openLibrary },
  "file.missing": { title: "The file is gone", action: openLibrary },
  "file.refused": { title: "The platform refused the file", action: openLibrary },
  "file.unreadable": { title: "The file cannot be read", action: openLibrary },
  "media.captions_no_libass": { title: "This ffmpeg cannot draw captions", action: seeHealth },
  "media.ffmpeg_missing": { title: "ffmpeg is missing", action: seeHealth },
  "media.refused": { title: "The file does not fit this platform", action: openLibrary },
  "media.ruled_out": { title: "Needs new video, which you ruled out", action: editPost },
  "media.too_long": { title: "The video is too long", action: openLibrary },
  "media.truncated": { title: "The file ends too early", action: null },
  "network.answer_lost": { title: "The answer was lost", action: null },
  "network.offline": { title: "No connection", action: null },
  "network.untrusted": { title: "The connection is not trusted", action: null },
  "preview.copy_failed": { title: "No preview could be made", action: null },
  "platform.unavailable": { title: "The platform is having trouble", action: null },
  "platform.unexpected": { title: "The platform answered in an unknown way", action: null },
  "post.busy": { title: "Already under way", action: null },
  "post.blocked": { title: "Not ready yet", action: editPost },
  "post.option_missing": { title: "A choice is missing", action: editPost },
  "post.option_unavailable": { title: "A choice is no longer offered", action: editPost },
  "post.refused": { title: "The platform refused the post", action: editPost },
  "practice.port_taken": { title: "The practice platforms cannot start", action: seeHealth },
  "practice.unavailable": { title: "The practice platforms are not running", action: seeHealth },
  "publication.too_late": { title: "Too late for that", action: null },
  "publish.cannot_tell": { title: "Did it go out?", action: null },
  "publish.no_answer": { title: "The answer was lost", action: null },
  "quota.account": { title: "Daily limit of this account", action: null },
  "quota.app": { title: "Daily limit of your client", action: null },
  "quota.rate": { title: "The platform asked to slow down", action: null },
  "schedule.past": { title: "This time has passed", action: null },
  "schedule.time": { title: "This time cannot be used", action: null },
  "schedule.zone": { title: "Unknown time zone", action: null },
  "store.corrupt": { title: "The database is damaged", action: null },
  "store.newer": { title: "Made by a newer Daypart", action: null },
  "store.unavailable": { title: "The database does not answer", action: null },
  "upload.gone": { title: "The upload is gone", action: null },
  "vault.unavailable": { title: "The keychain does not answer", action: seeHealth },
  "vault.wrong_passphrase": { title: "Wrong passphrase for the keychain file", action: seeHealth },
};

const byAction: Partial<Record<UserAction, ErrorWording["action"]>> = {
  reconnect,
  enter_credentials: credentials,
  edit_post: editPost,
  replace_file: openLibrary,
  unlock_keychain: seeHealth,
  install_ffmpeg: seeHealth,
  free_disk: seeHealth,
};

/** The wording of a failure: by its code, else by what the user can do, else as the core wrote it. */
export function wordingOf(error: WireError): ErrorWording {
  const known = byCode[error.code];
  if (known) return known;
  return { title: "", action: (error.action && byAction[error.action]) ?? null };
}
