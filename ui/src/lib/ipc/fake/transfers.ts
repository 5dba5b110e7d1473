import type { Commands } from "../generated/commands";
import type { Events } from "../generated/events";
import type { Publication, Transfers } from "../generated/types";
import type { EventName } from "../host";
import { actionsIn, fakeError, isPausable } from "./world";

export type TransferCommand =
  | "transfers" | "set_transfer_rules" | "pause_transfers" | "resume_transfers" | "pause_publication" | "resume_publication" | "send_publication_first";
export type TransferHandlers = { [K in TransferCommand]: (request: Commands[K]["request"]) => Commands[K]["response"] };

interface Surroundings {
  publications(): Publication[];
  /** Replaces what is known of a publication without moving it. */
  put(publication: Publication): void;
  emit<K extends EventName>(name: K, payload: Events[K]): void;
}

/** The part of the fake core that holds transfers back. */
export class FakeTransfers {
  #overview: Transfers = {
    all_paused_at: null, limit_now_bytes_per_s: null,
    rules: { at_once: 3, at_once_per_account: 1, limit_bytes_per_s: null, hours: [], zone: "UTC" },
  };

  constructor(private readonly around: Surroundings) {}

  /** Whether nothing of it may be sent now. */
  holds = (publication: Publication | null): boolean => this.#overview.all_paused_at !== null || (publication?.paused_at ?? null) !== null;

  readonly handlers: TransferHandlers = {
    transfers: () => this.#overview,
    set_transfer_rules: (rules) => {
      const slow = [rules.limit_bytes_per_s, ...rules.hours.map((hours) => hours.limit_bytes_per_s)].some((limit) => limit !== null && limit < 10_000);
      if (slow) throw fakeError("transfers.invalid", "A limit must be at least 10 kB/s: with less, platforms give up on an upload.");
      return this.#change({ rules, limit_now_bytes_per_s: rules.limit_bytes_per_s });
    },
    pause_transfers: () => this.#change({ all_paused_at: new Date().toISOString() }),
    resume_transfers: () => {
      for (const publication of this.around.publications()) if (publication.paused_at !== null) this.#mark(publication.id, null);
      return this.#change({ all_paused_at: null });
    },
    pause_publication: ({ id }) => this.#mark(id, new Date().toISOString()),
    resume_publication: ({ id }) => this.#mark(id, null),
    send_publication_first: ({ id }) => this.#find(id),
  };

  #find(id: string): Publication {
    const publication = this.around.publications().find((candidate) => candidate.id === id);
    if (!publication || !isPausable(publication.state)) throw fakeError("publication.not_pausable", "There is nothing left here that could be paused.");
    return publication;
  }

  #mark(id: string, paused_at: string | null): Publication {
    const before = this.#find(id);
    const after = { ...before, paused_at, actions: actionsIn(before.state, before.needs_user_reason, paused_at !== null) };
    this.around.put(after);
    this.around.emit("publication_changed", { publication: after });
    return after;
  }

  #change(change: Partial<Transfers>): Transfers {
    this.#overview = { ...this.#overview, ...change };
    this.around.emit("transfers_changed", this.#overview);
    return this.#overview;
  }
}
