export interface Toast {
  id: number;
  text: string;
  action?: { label: string; run: () => void };
}

const shown_ms = 9000;

/** Short notes at the edge of the window; each goes by itself unless it is being looked at. */
export class Toasts {
  list = $state<Toast[]>([]);
  #next = 1;
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();

  show = (text: string, action?: Toast["action"]): void => {
    const id = this.#next++;
    this.list = [...this.list.slice(-2), action ? { id, text, action } : { id, text }];
    this.resume(id);
  };

  dismiss = (id: number): void => {
    this.hold(id);
    this.list = this.list.filter((toast) => toast.id !== id);
  };

  /** Keeps it while the pointer or the focus is on it. */
  hold = (id: number): void => {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  };

  resume = (id: number): void => {
    this.hold(id);
    this.#timers.set(id, setTimeout(() => this.dismiss(id), shown_ms));
  };
}
