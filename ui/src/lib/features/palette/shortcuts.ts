import type { App } from "../../state/app.svelte";
import { appActions } from "./actions";

const sequence_ms = 1200;

/** Listens for the shortcuts of all actions; returns the function that stops. Typing in a field is left alone. */
export function listenForShortcuts(app: App): () => void {
  const actions = appActions(app);
  let pressed: string[] = [];
  let last_ms = 0;

  function onkeydown(event: KeyboardEvent): void {
    const mod = event.ctrlKey || event.metaKey;
    if (mod && event.key.toLowerCase() === "k") {
      event.preventDefault();
      app.open = app.open === "palette" ? null : "palette";
      return;
    }
    const target = event.target as HTMLElement | null;
    const typing = target?.closest("input:not([type=checkbox]), textarea, select, [contenteditable=true], [role=dialog]");
    if (mod || event.altKey || event.defaultPrevented || typing || app.open !== null) return;
    if (event.timeStamp - last_ms > sequence_ms) pressed = [];
    last_ms = event.timeStamp;
    pressed = [...pressed, event.key].slice(-2);
    const action = actions.find(
      ({ keys }) => keys.length > 0 && keys.length <= pressed.length && keys.join(" ") === pressed.slice(-keys.length).join(" ") && !(keys.length === 1 && pressed.at(-2) === "g"),
    );
    if (!action) return;
    event.preventDefault();
    pressed = [];
    action.run();
  }

  window.addEventListener("keydown", onkeydown);
  return () => window.removeEventListener("keydown", onkeydown);
}
