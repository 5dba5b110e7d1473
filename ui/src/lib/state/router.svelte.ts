export const views = ["today", "library", "composer", "posts", "activity", "accounts", "settings"] as const;
export type View = (typeof views)[number];

export interface Route {
  view: View;
  /** Of a post or a publication, where the view takes one. */
  id: string | null;
}

export function readRoute(hash: string): Route {
  const [view, id] = hash.replace(/^#\/?/, "").split("/");
  const known = views.find((candidate) => candidate === view);
  return known ? { view: known, id: id ? decodeURIComponent(id) : null } : { view: "today", id: null };
}

/** The address is the state: back, forward and reload keep the place. */
export class Router {
  route = $state<Route>(readRoute(location.hash));

  constructor() {
    window.addEventListener("hashchange", () => (this.route = readRoute(location.hash)));
  }

  go = (view: View, id: string | null = null): void => {
    location.hash = id ? `#/${view}/${encodeURIComponent(id)}` : `#/${view}`;
  };
}
