import { SvelteMap } from "svelte/reactivity";

import type { Host, TransferProgress, TransferRules, Transfers as Overview } from "../ipc";
import { Loadable } from "./loadable.svelte";

const unknown: Overview = {
  all_paused_at: null, limit_now_bytes_per_s: null,
  rules: { at_once: 3, at_once_per_account: 1, limit_bytes_per_s: null, hours: [], zone: "UTC" },
};

/** The latest progress of every running upload, and what is true of all of them. */
export class Transfers {
  readonly progress = new SvelteMap<string, TransferProgress>();

  readonly overview: Loadable<Overview>;

  constructor(private readonly host: Host) {
    this.overview = new Loadable(unknown, () => host.call("transfers"));
    host.on("transfers_changed", (overview) => (this.overview.value = overview));
    host.on("transfer_progress", (progress) => this.progress.set(progress.publication_id, progress));
    host.on("publication_changed", ({ publication }) => {
      if (publication.state !== "uploading") this.progress.delete(publication.id);
    });
  }

  get all_paused(): boolean {
    return this.overview.value.all_paused_at !== null;
  }

  pauseAll = async (): Promise<void> => void (this.overview.value = await this.host.call("pause_transfers"));

  resumeAll = async (): Promise<void> => void (this.overview.value = await this.host.call("resume_transfers"));

  /** Shown at once, so that a change made before the answer is there builds on it; taken back when it is refused. */
  setRules = async (rules: TransferRules): Promise<void> => {
    this.overview.value = { ...this.overview.value, rules };
    try {
      this.overview.value = await this.host.call("set_transfer_rules", $state.snapshot(rules));
    } catch (error) {
      await this.overview.load();
      throw error;
    }
  };
}
