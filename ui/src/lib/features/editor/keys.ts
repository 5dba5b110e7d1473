import { actionFor, type Desk } from "./actions";

/** Fields that read letters; sliders and switches do not. */
const typing = "input:not([type=checkbox]):not([type=range]):not([type=color]):not([type=radio]), textarea, select, [contenteditable=true], [role=dialog]";

/** Runs what a key press means to the editor, if anything; says whether it did. */
export function runEditorKey(desk: Desk, event: KeyboardEvent): boolean {
  const action = actionFor(event);
  if (!action || (event.repeat && !action.repeats)) return false;
  event.preventDefault();
  if (action.possible?.(desk) ?? true) action.run(desk);
  return true;
}

/** Listens for the editor's keys while `active` says so; returns the function that stops. Typing in a field is left alone. */
export function listenForEditorKeys(desk: Desk, active: () => boolean): () => void {
  function onkeydown(event: KeyboardEvent): void {
    const target = event.target as HTMLElement | null;
    if (event.defaultPrevented || !active() || target?.closest(typing)) return;
    // A focused button is pressed by Space, a focused slider of volume moved by Home.
    if (event.key === " " && target?.closest("button, [role=switch], [role=tab], summary")) return;
    if ((event.key === "Home" || event.key === "End") && target?.closest("input, [role=tab]")) return;
    runEditorKey(desk, event);
  }
  window.addEventListener("keydown", onkeydown);
  return () => window.removeEventListener("keydown", onkeydown);
}
