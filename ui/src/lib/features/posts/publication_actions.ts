import type { IconName } from "../../components/icons";
import type { Publication } from "../../ipc";
import type { Posts } from "../../state/posts.svelte";

export interface PublicationButton {
  id: string;
  label: string;
  icon: IconName;
  tone: "primary" | "secondary" | "quiet" | "danger";
  run: () => void;
}

/** What the user may do with a publication: exactly what the core's state machine allows now. */
export function actionsOf(publication: Publication, posts: Posts): PublicationButton[] {
  const buttons: PublicationButton[] = [];
  if (posts.may(publication, "answer_in_doubt")) {
    buttons.push(
      { id: "it_is_there", label: "It is there", icon: "check", tone: "primary", run: () => void posts.answer(publication.id, "it_is_there") },
      { id: "send_again", label: "It is not: send again", icon: "send", tone: "secondary", run: () => void posts.answer(publication.id, "send_again") },
    );
  }
  if (posts.may(publication, "retry")) {
    buttons.push({ id: "retry", label: "Try again", icon: "retry", tone: "secondary", run: () => void posts.retry(publication.id) });
  }
  if (posts.may(publication, "resume")) {
    buttons.push({ id: "resume", label: "Resume", icon: "play", tone: "secondary", run: () => void posts.resume(publication.id) });
  }
  if (posts.may(publication, "pause")) {
    buttons.push({ id: "pause", label: "Pause", icon: "pause", tone: "secondary", run: () => void posts.pause(publication.id) });
  }
  if (posts.may(publication, "cancel")) {
    const gaveUp = ["needs_user", "failed", "missed"].includes(publication.state);
    buttons.push({ id: "cancel", label: gaveUp ? "Give up" : "Cancel", icon: "cancelled", tone: "danger", run: () => void posts.cancel(publication.id) });
  }
  return buttons;
}
