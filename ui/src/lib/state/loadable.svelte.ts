import { toWireError, type WireError } from "../ipc";

/** Where a list stands that comes from the core. */
export class Loadable<T> {
  value = $state<T>() as T;
  status = $state<"loading" | "ready" | "failed">("loading");
  error = $state<WireError | null>(null);
  readonly #read: () => Promise<T>;

  constructor(initial: T, read: () => Promise<T>) {
    this.value = initial;
    this.#read = read;
  }

  /** Reads again; what is shown stays until the answer is there. */
  load = async (): Promise<void> => {
    if (this.status === "failed") this.status = "loading";
    try {
      this.value = await this.#read();
      this.status = "ready";
      this.error = null;
    } catch (error) {
      this.error = toWireError(error);
      if (this.status !== "ready") this.status = "failed";
    }
  };
}
