import { toWireError, type Host, type WireError } from "../ipc";
import type { Announcer } from "./announcer.svelte";

/** Failures that belong to no place in a view; shown above everything until dismissed. */
export class Failures {
  list = $state<{ key: number; error: WireError }[]>([]);
  #next = 1;

  constructor(
    host: Host,
    private readonly announcer: Announcer,
  ) {
    host.on("notice", ({ error }) => this.show(error));
  }

  show = (error: WireError): void => {
    if (this.list.some((entry) => entry.error.code === error.code && entry.error.message === error.message)) return;
    this.list = [...this.list, { key: this.#next++, error }];
    this.announcer.alert(error.message);
  };

  dismiss = (key: number): void => {
    this.list = this.list.filter((entry) => entry.key !== key);
  };

  /** Runs an action the user asked for; its failure is shown, never thrown away. */
  guard = async (action: () => Promise<void>): Promise<void> => {
    try {
      await action();
    } catch (error) {
      this.show(toWireError(error));
    }
  };
}
