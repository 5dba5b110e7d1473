import type { IconName } from "../../components/icons";
import type { Player } from "./player.svelte";
import type { EditorSession } from "./session.svelte";
import type { TimelineView } from "./timeline_view.svelte";

export interface Desk {
  session: EditorSession;
  player: Player;
  view: TimelineView;
}

export interface EditorAction {
  id: string;
  title: string;
  icon: IconName;
  /** As `KeyboardEvent.key`, with `Mod+`, `Shift+` and `Alt+` before it; the first one is shown. */
  keys: string[];
  run: (desk: Desk) => void;
  /** Absent: always possible. */
  possible?: (desk: Desk) => boolean;
  /** Goes on while the key is held. */
  repeats?: boolean;
}

/** Every action of the editor that has a key, declared once: buttons, keys, tooltips and the key list read this. */
export const editorActions = [
  { id: "play", title: "Play or pause", icon: "play", keys: ["Space"], run: ({ player }) => player.toggle() },
  { id: "backward", title: "Play backwards, faster each time", icon: "backward", keys: ["j"], run: ({ player }) => player.shuttle(-1) },
  { id: "stop", title: "Stop", icon: "stop", keys: ["k"], run: ({ player }) => player.stop() },
  { id: "forward", title: "Play, faster each time", icon: "forward", keys: ["l"], run: ({ player }) => player.shuttle(1) },
  { id: "frame-back", title: "One frame back", icon: "frameBack", keys: [","], repeats: true, run: ({ session, player }) => { player.stop(); session.step(-1); } },
  { id: "frame-on", title: "One frame on", icon: "frameOn", keys: ["."], repeats: true, run: ({ session, player }) => { player.stop(); session.step(1); } },
  { id: "keyframe-back", title: "To the keyframe before", icon: "keyframeBack", keys: ["Alt+ArrowLeft"], repeats: true, run: ({ session, player }) => { player.stop(); session.toKeyframe(-1); } },
  { id: "keyframe-on", title: "To the next keyframe", icon: "keyframeOn", keys: ["Alt+ArrowRight"], repeats: true, run: ({ session, player }) => { player.stop(); session.toKeyframe(1); } },
  { id: "in", title: "Start the part with this frame", icon: "markIn", keys: ["i"], run: ({ session }) => session.markIn() },
  { id: "out", title: "End the part with this frame", icon: "markOut", keys: ["o"], run: ({ session }) => session.markOut() },
  { id: "split", title: "Split here", icon: "split", keys: ["s"], run: ({ session }) => session.split(), possible: ({ session }) => session.canSplit },
  { id: "delete", title: "Delete the part", icon: "remove", keys: ["Delete", "Backspace"], run: ({ session }) => session.remove(), possible: ({ session }) => session.ranges.length > 1 },
  { id: "join", title: "Join with the next part", icon: "join", keys: ["m"], run: ({ session }) => session.join(), possible: ({ session }) => session.canJoin(session.selected) },
  { id: "restore", title: "Keep again what was cut away here", icon: "keep", keys: ["r"], run: ({ session }) => session.restore(), possible: ({ session }) => session.canRestore },
  { id: "undo", title: "Undo", icon: "undo", keys: ["Mod+z"], repeats: true, run: ({ session }) => session.undo(), possible: ({ session }) => session.history.past.length > 0 },
  { id: "redo", title: "Redo", icon: "redo", keys: ["Mod+Shift+z", "Mod+y"], repeats: true, run: ({ session }) => session.redo(), possible: ({ session }) => session.history.future.length > 0 },
  { id: "snapping", title: "Snap to keyframes, scenes and silences", icon: "magnet", keys: ["x"], run: ({ session }) => void (session.snapping = !session.snapping) },
  { id: "zoom-out", title: "Zoom out", icon: "zoomOut", keys: ["-"], repeats: true, run: ({ view }) => view.zoomBy(1 / 1.5) },
  { id: "zoom-in", title: "Zoom in", icon: "zoomIn", keys: ["+", "="], repeats: true, run: ({ view }) => view.zoomBy(1.5) },
  { id: "fit", title: "Show the whole clip", icon: "fit", keys: ["0"], run: ({ view }) => view.fit() },
  { id: "start", title: "To the start", icon: "toStart", keys: ["Home"], run: ({ session }) => session.seek(0) },
  { id: "end", title: "To the end", icon: "toEnd", keys: ["End"], run: ({ session }) => session.seek(session.clip.duration_us) },
] as const satisfies readonly EditorAction[];

export type EditorActionId = (typeof editorActions)[number]["id"];

export const actionOf = (id: EditorActionId): EditorAction => editorActions.find((action) => action.id === id)!;

type Pressed = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

/** How a key press is written in the table. */
export function pressedKey({ key, ctrlKey, metaKey, altKey, shiftKey }: Pressed): string {
  const name = key === " " ? "Space" : key.length === 1 ? key.toLowerCase() : key;
  // What a shifted sign is called depends on the keyboard; only letters and names carry the Shift.
  const shifted = shiftKey && (name.length > 1 || /[a-z]/.test(name));
  return `${ctrlKey || metaKey ? "Mod+" : ""}${altKey ? "Alt+" : ""}${shifted ? "Shift+" : ""}${name}`;
}

export const actionFor = (event: Pressed): EditorAction | undefined =>
  (editorActions as readonly EditorAction[]).find((action) => action.keys.includes(pressedKey(event)));

const shownNames: Record<string, string> = { ArrowLeft: "←", ArrowRight: "→", Delete: "Del", "-": "−" };

/** The keys as they stand in a tooltip: `Ctrl+Shift+Z`. */
export function shownKey(keys: string, mac: boolean): string {
  const parts = keys === "+" ? ["+"] : keys.split("+");
  return parts.map((part) => (part === "Mod" ? (mac ? "⌘" : "Ctrl") : (shownNames[part] ?? (part.length === 1 ? part.toUpperCase() : part)))).join("+");
}
