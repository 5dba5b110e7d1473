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
  "auth.expired": { title: "Sign-in expired", action: reconnect },
  "auth.revoked": { title: "Sign-in expired", action: reconnect },
  "auth.denied": { title: "Permission was not given", action: reconnect },
  "auth.scope": { title: "A permission is missing", action: reconnect },
  "auth.client": { title: "Client credentials are wrong", action: credentials },
  "connect.cancelled": { title: "Connection cancelled", action: null },
  "network.offline": { title: "No connection", action: null },
  "upload.gone": { title: "The upload is gone", action: null },
  "upload.refused": { title: "The platform refused it", action: editPost },
  "publish.unclear": { title: "Did it go out?", action: null },
  "file.changed": { title: "The file has changed", action: openLibrary },
  "file.missing": { title: "The file is gone", action: openLibrary },
  "file.unreadable": { title: "The file cannot be read", action: openLibrary },
  "vault.unavailable": { title: "The keychain does not answer", action: seeHealth },
  "media.ffmpeg_missing": { title: "ffmpeg is missing", action: seeHealth },
  "disk.full": { title: "The disk is full", action: seeHealth },
  "store.unavailable": { title: "The database does not answer", action: null },
  "store.newer": { title: "Made by a newer Daypart", action: null },
  "schedule.past": { title: "This time has passed", action: editPost },
  "post.busy": { title: "Already under way", action: null },
  "daypart.bug": { title: "A mistake in Daypart", action: null },
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
