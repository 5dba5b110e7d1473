import { editorWorld } from "./editor_world";
import { FakeHost } from "./fake_host";
import { sleptWorld } from "./slept_world";
import { emptyWorld, studioWorld, type World } from "./world";

const storageKey = "daypart-fake-world";

/**
 * The fake core as the address asks for it:
 * `?scenario=studio` (default), `empty`, `broken` (every list fails), `stuck` (lists never answer) `editor` (clips of every kind to cut) or `slept` (everything planned was missed);
 * `&preview=/clip.webm` says what every clip plays as;
 * `&copy=/clip.webm` says what every copy made for looking plays as, without it none can be made;
 * `&media=broken` and `&media=stuck` say how looking into videos goes;
 * `?pace=10` makes simulated work ten times as fast. The world survives a reload of the tab.
 */
export function startFakeHost(): FakeHost {
  const query = new URLSearchParams(location.search);
  const scenario = query.get("scenario") ?? "studio";
  const key = `${storageKey}-${scenario}`;
  const stored = sessionStorage.getItem(key);
  const worlds: Record<string, () => World> = { empty: emptyWorld, editor: () => editorWorld(Date.now()), slept: () => sleptWorld(Date.now()) };
  const fresh = worlds[scenario]?.() ?? studioWorld(Date.now());
  const media = query.get("media");
  const world = stored ? (JSON.parse(stored) as World) : fresh;
  const preview = query.get("preview");
  if (preview) for (const asset of world.assets) asset.preview_url = preview;
  const host = new FakeHost({
    world,
    pace: Number(query.get("pace") ?? 1) || 1,
    broken: scenario === "broken",
    stuck: scenario === "stuck",
    copy_url: query.get("copy"),
    media: media === "broken" || media === "stuck" ? media : "fine",
    save: (next) => sessionStorage.setItem(key, JSON.stringify(next)),
  });
  acceptDrops(host);
  return host;
}

/** A browser gives names instead of paths; that is enough to look real. */
function acceptDrops(host: FakeHost): void {
  let depth = 0;
  const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
  const hover = (active: boolean) => host.emit("drop_hover", { active });
  window.addEventListener("dragenter", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    depth += 1;
    if (depth === 1) hover(true);
  });
  window.addEventListener("dragover", (event) => carriesFiles(event) && event.preventDefault());
  window.addEventListener("dragleave", (event) => {
    if (!carriesFiles(event)) return;
    depth = Math.max(0, depth - 1);
    if (depth === 0) hover(false);
  });
  window.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    depth = 0;
    hover(false);
    host.drop(Array.from(event.dataTransfer?.files ?? [], (file) => `/home/ada/Videos/${file.name}`));
  });
}
