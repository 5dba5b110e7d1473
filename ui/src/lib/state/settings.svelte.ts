export type Theme = "system" | "light" | "dark";
export type Contrast = "system" | "more";

interface Stored {
  theme: Theme;
  contrast: Contrast;
  /** None follows the computer. */
  zone: string | null;
}

const storageKey = "daypart-settings";
const defaults: Stored = { theme: "system", contrast: "system", zone: null };

function read(): Stored {
  try {
    return { ...defaults, ...(JSON.parse(localStorage.getItem(storageKey) ?? "{}") as Partial<Stored>) };
  } catch {
    return defaults;
  }
}

/** How the window looks; kept in the web view, because nothing else depends on it. */
export class Settings {
  #stored = $state<Stored>(read());

  constructor() {
    this.#apply();
  }

  get theme(): Theme {
    return this.#stored.theme;
  }

  get contrast(): Contrast {
    return this.#stored.contrast;
  }

  get zone(): string | null {
    return this.#stored.zone;
  }

  change = (change: Partial<Stored>): void => {
    this.#stored = { ...this.#stored, ...change };
    localStorage.setItem(storageKey, JSON.stringify(this.#stored));
    this.#apply();
  };

  #apply(): void {
    const root = document.documentElement.dataset;
    root["theme"] = this.#stored.theme;
    root["contrast"] = this.#stored.contrast;
  }
}
