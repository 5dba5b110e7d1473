import type { IconName } from "../../components/icons";
import type { App } from "../../state/app.svelte";
import type { View } from "../../state/router.svelte";

export interface AppAction {
  id: string;
  title: string;
  icon: IconName;
  /** Keys in the order of pressing: `["g", "l"]`. */
  keys: string[];
  group: "Go to" | "Do";
  run: () => void;
}

/** Every action that exists, declared once: the palette, the shortcuts and their sheet read this. */
export function appActions(app: App): AppAction[] {
  const goto = (view: View, title: string, key: string): AppAction => ({
    id: `go-${view}`, title, icon: view, keys: ["g", key], group: "Go to", run: () => app.router.go(view),
  });
  return [
    { id: "new-post", title: "New post", icon: "composer", keys: ["n"], group: "Do", run: () => app.newPost() },
    {
      id: "add-videos", title: "Add files…", icon: "add", keys: ["a"], group: "Do",
      run: () => {
        app.router.go("library");
        void app.library.pick();
      },
    },
    goto("today", "Today", "t"),
    goto("library", "Library", "l"),
    goto("posts", "Posts", "p"),
    goto("activity", "Activity", "v"),
    goto("accounts", "Accounts", "c"),
    goto("settings", "Settings", "s"),
    { id: "theme-light", title: "Use the light theme", icon: "theme", keys: [], group: "Do", run: () => app.settings.change({ theme: "light" }) },
    { id: "theme-dark", title: "Use the dark theme", icon: "theme", keys: [], group: "Do", run: () => app.settings.change({ theme: "dark" }) },
    { id: "theme-system", title: "Use the theme of the system", icon: "theme", keys: [], group: "Do", run: () => app.settings.change({ theme: "system" }) },
    { id: "shortcuts", title: "Show the keyboard shortcuts", icon: "info", keys: ["?"], group: "Do", run: () => (app.open = "shortcuts") },
  ];
}
