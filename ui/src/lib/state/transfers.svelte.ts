import { SvelteMap } from "svelte/reactivity";

import type { Host, TransferProgress } from "../ipc";

/** The latest progress of every running upload. */
export class Transfers {
  readonly progress = new SvelteMap<string, TransferProgress>();

  constructor(host: Host) {
    host.on("transfer_progress", (progress) => this.progress.set(progress.publication_id, progress));
    host.on("publication_changed", ({ publication }) => {
      if (publication.state !== "uploading") this.progress.delete(publication.id);
    });
  }
}
