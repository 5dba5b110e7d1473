import { getContext, setContext } from "svelte";

import type { AppInfo, Health, Host } from "../ipc";
import { Accounts } from "./accounts.svelte";
import { Announcer } from "./announcer.svelte";
import { Clock } from "./clock.svelte";
import { Failures } from "./failures.svelte";
import { Library } from "./library.svelte";
import { Loadable } from "./loadable.svelte";
import { Posts } from "./posts.svelte";
import { Router } from "./router.svelte";
import { Settings } from "./settings.svelte";
import { Strips } from "./strips";
import { Toasts } from "./toasts.svelte";
import { Transfers } from "./transfers.svelte";
import { newId } from "./new_id";

const computerZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Everything the views share, made once per window. */
export class App {
  readonly router = new Router();
  readonly clock = new Clock();
  readonly toasts = new Toasts();
  readonly announcer = new Announcer();
  readonly settings = new Settings();
  readonly failures: Failures;
  readonly library: Library;
  readonly accounts: Accounts;
  readonly posts: Posts;
  readonly transfers: Transfers;
  readonly strips: Strips;
  readonly info: Loadable<AppInfo>;
  readonly health: Loadable<Health>;
  /** Dialogs that any view may open. */
  open = $state<"palette" | "shortcuts" | null>(null);

  constructor(readonly host: Host) {
    this.failures = new Failures(host, this.announcer);
    this.library = new Library(host, this.toasts, this.failures, this.announcer);
    this.accounts = new Accounts(host, this.toasts, this.failures, this.announcer);
    this.posts = new Posts(host, this.toasts, this.failures, this.announcer);
    this.transfers = new Transfers(host);
    this.strips = new Strips(host);
    const unknown: AppInfo = {
      version: "", zones: [], default_zone: computerZone, preview: { base_url: "", token: "" }, practice_page_url: null, data_dir: "",
    };
    this.info = new Loadable(unknown, () => host.call("app_info"));
    this.health = new Loadable<Health>({ checks: [] }, () => host.call("health"));
  }

  /** Resolves once the core has said what the UI needs to know at the start, or could not. */
  started: Promise<void> = Promise.resolve();

  load(): void {
    this.started = this.info.load();
    for (const part of [this.library.assets, this.accounts.platforms, this.accounts.accounts, this.posts.posts, this.health, this.transfers.overview]) {
      void part.load();
    }
  }

  /** The zone in which times are shown and typed. */
  get zone(): string {
    return this.settings.zone ?? this.info.value.default_zone;
  }

  get zones(): string[] {
    return this.info.value.zones.length > 0 ? this.info.value.zones : Intl.supportedValuesOf("timeZone");
  }

  openLink = (url: string): Promise<void> => this.failures.guard(() => this.host.call("open_link", { url }));

  /** Opens the composer on an empty post; nothing is stored before something is typed or chosen. */
  newPost = (asset_id: string | null = null): void => {
    this.startWith = asset_id;
    this.router.go("composer", newId());
  };

  /** The asset the next new post starts with. */
  startWith: string | null = null;
}

const key = Symbol("app");

export function provideApp(app: App): void {
  setContext(key, app);
}

export function useApp(): App {
  return getContext<App>(key);
}
