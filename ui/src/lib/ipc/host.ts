import type { Commands } from "./generated/commands";
import type { Events } from "./generated/events";

export type CommandName = keyof Commands;
export type EventName = keyof Events;
export type RequestOf<K extends CommandName> = Commands[K]["request"];
export type ResponseOf<K extends CommandName> = Commands[K]["response"];
export type RequestArguments<K extends CommandName> = RequestOf<K> extends void ? [] : [request: RequestOf<K>];

/** The only door between the interface and the core. */
export interface Host {
  readonly kind: "tauri" | "fake";
  /** Rejects with a `WireError` and with nothing else. */
  call<K extends CommandName>(name: K, ...request: RequestArguments<K>): Promise<ResponseOf<K>>;
  /** Returns the function that stops listening. */
  on<K extends EventName>(name: K, handler: (payload: Events[K]) => void): () => void;
}
