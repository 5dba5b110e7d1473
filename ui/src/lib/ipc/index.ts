import type { Host } from "./host";

export * from "./generated/types";
export type { Commands } from "./generated/commands";
export type { Events } from "./generated/events";
export type { CommandName, EventName, Host } from "./host";
export { isWireError, toWireError } from "./wire_error";

/** The desktop core where there is one, else an in-memory stand-in, so that the interface runs in any browser. */
export async function chooseHost(): Promise<Host> {
  if ("__TAURI_INTERNALS__" in window) {
    const { TauriHost } = await import("./tauri_host");
    return new TauriHost();
  }
  const { startFakeHost } = await import("./fake");
  return startFakeHost();
}
