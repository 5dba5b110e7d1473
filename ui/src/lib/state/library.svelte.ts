import type { AddOutcome, Asset, Host, WireError } from "../ipc";
import type { Announcer } from "./announcer.svelte";
import type { Failures } from "./failures.svelte";
import { Loadable } from "./loadable.svelte";
import type { Toasts } from "./toasts.svelte";

export interface Refusal {
  key: number;
  path: string;
  error: WireError;
}

/** The assets, and the files that were not taken. */
export class Library {
  readonly assets: Loadable<Asset[]>;
  refusals = $state<Refusal[]>([]);
  hovering = $state(false);
  /** Just added or brought to attention; the grid scrolls to it. */
  highlighted = $state<string | null>(null);
  #nextKey = 1;

  constructor(
    private readonly host: Host,
    private readonly toasts: Toasts,
    private readonly failures: Failures,
    private readonly announcer: Announcer,
  ) {
    this.assets = new Loadable<Asset[]>([], () => host.call("list_assets"));
    host.on("asset_changed", ({ id, asset }) => this.#put(id, asset));
    host.on("assets_dropped", ({ outcomes }) => {
      this.hovering = false;
      this.#take(outcomes);
    });
    host.on("drop_hover", ({ active }) => (this.hovering = active));
  }

  get = (id: string | null): Asset | undefined => this.assets.value.find((asset) => asset.id === id);

  pick = (): Promise<void> => this.failures.guard(async () => this.#take(await this.host.call("pick_assets")));

  paste = (): Promise<void> => this.failures.guard(async () => this.#take(await this.host.call("paste_assets")));

  add = (paths: string[]): Promise<void> =>
    this.failures.guard(async () => this.#take(await this.host.call("add_assets", { paths })));

  remove = (asset: Asset): Promise<void> =>
    this.failures.guard(async () => {
      await this.host.call("remove_asset", { id: asset.id });
      this.#put(asset.id, null);
      this.toasts.show(`Removed “${asset.file_name}” from the library. The file stays where it is.`, {
        label: "Undo",
        run: () => void this.failures.guard(async () => this.#put(asset.id, await this.host.call("restore_asset", { id: asset.id }))),
      });
    });

  dismiss = (key: number): void => {
    this.refusals = this.refusals.filter((refusal) => refusal.key !== key);
  };

  #take(outcomes: AddOutcome[]): void {
    let added = 0;
    for (const outcome of outcomes) {
      if (outcome.kind === "refused") {
        this.refusals = [...this.refusals, { key: this.#nextKey++, path: outcome.path, error: outcome.error }];
        this.announcer.alert(outcome.error.message);
      } else {
        this.#put(outcome.asset.id, outcome.asset);
        this.highlighted = outcome.asset.id;
        if (outcome.kind === "added") added += 1;
        else this.toasts.show(`“${outcome.asset.file_name}” is already in the library.`);
      }
    }
    if (added > 0) this.announcer.say(added === 1 ? "1 file added" : `${added} files added`);
  }

  #put(id: string, asset: Asset | null): void {
    const others = this.assets.value.filter((candidate) => candidate.id !== id);
    this.assets.value = asset ? [asset, ...others].sort((a, b) => b.added_at.localeCompare(a.added_at)) : others;
  }
}
