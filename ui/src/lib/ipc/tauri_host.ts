import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";

import type { Events } from "./generated/events";
import type { CommandName, EventName, Host, RequestArguments, ResponseOf } from "./host";
import { toWireError } from "./wire_error";

/** Talks to the Rust core of the desktop app. */
export class TauriHost implements Host {
  readonly kind = "tauri";

  async call<K extends CommandName>(name: K, ...request: RequestArguments<K>): Promise<ResponseOf<K>> {
    try {
      return await invoke<ResponseOf<K>>(name, request.length === 0 ? {} : { request: request[0] });
    } catch (error) {
      throw toWireError(error);
    }
  }

  on<K extends EventName>(name: K, handler: (payload: Events[K]) => void): () => void {
    let stopped = false;
    const listening = listen<Events[K]>(name, (event) => {
      if (!stopped) handler(event.payload);
    });
    return () => {
      stopped = true;
      void listening.then((stop) => stop());
    };
  }
}
