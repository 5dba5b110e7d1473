import { toWireError, type Destination, type Finding, type OptionSpec, type OptionValue, type Post, type PostCheck, type PostDraft, type WireError } from "../../ipc";
import { readDate, readTime } from "../../format/typed_time";
import { resolveWall, wallAt, type ResolvedWall } from "../../format/zoned";
import type { App } from "../../state/app.svelte";

const save_after_ms = 300;

/** The post on the composer's page: saved on every pause in typing, checked after every save. */
export class ComposerDraft {
  draft = $state<PostDraft>() as PostDraft;
  post = $state<Post | null>(null);
  check = $state<PostCheck | null>(null);
  loading = $state(true);
  loadError = $state<WireError | null>(null);
  saving = $state<"untouched" | "waiting" | "saving" | "saved" | "failed">("untouched");
  saveError = $state<WireError | null>(null);
  submitting = $state<"schedule" | "now" | null>(null);
  submitError = $state<WireError | null>(null);
  /** As typed; may be no date or time yet. */
  date = $state("");
  time = $state("");
  zone = $state("");
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> = Promise.resolve();
  #revision = 0;
  #saved = 0;

  constructor(
    private readonly app: App,
    readonly id: string,
  ) {
    this.draft = { id, asset_id: null, edit: null, wishes: null, caption: "", destinations: [], planned: null };
  }

  async load(): Promise<void> {
    const startWith = this.app.startWith;
    this.app.startWith = null;
    try {
      this.#take(await this.app.host.call("get_post", { id: this.id }));
      this.saving = "saved";
      this.#readAccounts();
      void this.#runCheck();
    } catch (error) {
      const failure = toWireError(error);
      // A post that was never saved is simply new.
      if (!failure.code.endsWith(".unknown") && !failure.code.endsWith(".missing") && !failure.code.endsWith(".not_found")) this.loadError = failure;
      else if (startWith) this.change((draft) => (draft.asset_id = startWith));
    }
    // The zone of new posts comes with it.
    await this.app.started;
    this.#fillTime();
    this.loading = false;
  }

  /** Only drafts can be changed; what is under way must be put back first. */
  get locked(): boolean {
    return this.post?.publications.some((publication) => publication.state !== "draft") ?? false;
  }

  get canUnschedule(): boolean {
    const movable = ["draft", "scheduled", "ready", "staged", "needs_user", "missed", "failed", "cancelled"];
    return this.post?.publications.every((publication) => movable.includes(publication.state)) ?? false;
  }

  get wall(): string | null {
    const date = readDate(this.date);
    const time = readTime(this.time);
    if (!date || !time) return null;
    return `${date}T${time}${time.length === 5 ? ":00" : ""}`;
  }

  get due(): ResolvedWall | null {
    return this.wall === null ? null : resolveWall(this.wall, this.zone);
  }

  destination = (account_id: string): Destination | undefined =>
    this.draft.destinations.find((destination) => destination.account_id === account_id);

  findingsOf = (account_id: string): Finding[] =>
    this.check?.destinations.find((destination) => destination.account_id === account_id)?.findings ?? [];

  /** Applies a change and saves it after a pause. */
  change = (edit: (draft: PostDraft) => void): void => {
    edit(this.draft);
    this.#revision += 1;
    this.saving = "waiting";
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), save_after_ms);
  };

  /** Another video: what was cut belonged to the former one. Returns what brings both back, where something was cut. */
  chooseAsset = (asset_id: string): (() => void) | null => {
    const { asset_id: former, edit } = $state.snapshot(this.draft) as PostDraft;
    if (former === asset_id) return null;
    this.change((draft) => Object.assign(draft, { asset_id, edit: null }));
    return edit ? () => this.change((draft) => Object.assign(draft, { asset_id: former, edit })) : null;
  };

  /** Adds or takes away a destination; what the platform presets is written down, the rest stays unanswered. */
  toggleDestination = (account_id: string, options: readonly OptionSpec[]): void => {
    this.change((draft) => {
      if (draft.destinations.some((destination) => destination.account_id === account_id)) {
        draft.destinations = draft.destinations.filter((destination) => destination.account_id !== account_id);
        return;
      }
      const preset = options.flatMap((option): [string, OptionValue][] => (option.default === null ? [] : [[option.key, option.default]]));
      draft.destinations = [...draft.destinations, { account_id, text: {}, options: Object.fromEntries(preset), cover: null, from_this_computer: false }];
      void this.#readAccount(account_id);
    });
  };

  setOption = (account_id: string, options: readonly OptionSpec[], key: string, value: OptionValue): void => {
    this.change(() => {
      const destination = this.destination(account_id);
      if (!destination) return;
      destination.options[key] = value;
      // What hung on the former value goes back to its preset.
      for (const option of options) {
        if (option.depends_on?.option !== key || option.depends_on.value === value) continue;
        if (option.default === null) delete destination.options[option.key];
        else destination.options[option.key] = option.default;
      }
    });
  };

  /** Null follows the shared text again. */
  setFromThisComputer = (account_id: string, from_this_computer: boolean): void => {
    this.change(() => {
      const destination = this.destination(account_id);
      if (destination) destination.from_this_computer = from_this_computer;
    });
  };

  setText = (account_id: string, field: string, text: string | null): void => {
    this.change(() => {
      const destination = this.destination(account_id);
      if (!destination) return;
      if (text === null) delete destination.text[field];
      else destination.text[field] = text;
    });
  };

  setTime = (part: Partial<Pick<ComposerDraft, "date" | "time" | "zone">>): void => {
    Object.assign(this, part);
    const wall = this.wall;
    if (wall) this.change((draft) => (draft.planned = { wall, zone: this.zone }));
  };

  /** Saves what is unsaved; one save at a time, the latest state wins. */
  flush = (): Promise<void> => {
    clearTimeout(this.#timer);
    this.#running = this.#running.then(() => this.#save());
    return this.#running;
  };

  schedule = async (when: "schedule" | "now"): Promise<boolean> => {
    this.submitting = when;
    this.submitError = null;
    try {
      await this.flush();
      if (this.saveError) return false;
      const wall = this.wall;
      if (when === "schedule" && !wall) return false;
      const post = await this.app.host.call("schedule_post", {
        id: this.id,
        when: when === "now" || !wall ? { kind: "now" } : { kind: "at", wall, zone: this.zone },
      });
      this.#take(post);
      this.app.posts.put(post);
      return true;
    } catch (error) {
      this.submitError = toWireError(error);
      this.app.announcer.alert(this.submitError.message);
      return false;
    } finally {
      this.submitting = null;
    }
  };

  unschedule = async (): Promise<void> => {
    await this.app.failures.guard(async () => {
      const post = await this.app.host.call("unschedule_post", { id: this.id });
      this.#take(post);
      this.app.posts.put(post);
    });
    void this.#runCheck();
  };

  /** Checks again without a change of the draft: its video was measured, an account came back. */
  recheck = (): void => {
    if (this.post) void this.#runCheck();
  };

  async #save(): Promise<void> {
    const revision = this.#revision;
    if (revision === this.#saved || this.locked) return;
    this.saving = "saving";
    try {
      const post = await this.app.host.call("save_post", { draft: $state.snapshot(this.draft) as PostDraft });
      this.#saved = revision;
      this.post = post;
      this.app.posts.put(post);
      this.saveError = null;
      if (this.#revision === revision) this.saving = "saved";
      void this.#runCheck();
    } catch (error) {
      this.saveError = toWireError(error);
      this.saving = "failed";
      this.app.announcer.alert(this.saveError.message);
    }
  }

  async #runCheck(): Promise<void> {
    try {
      this.check = await this.app.host.call("check_post", { id: this.id });
    } catch (error) {
      this.app.failures.show(toWireError(error));
    }
  }

  #take(post: Post): void {
    this.post = post;
    this.draft = structuredClone(post.draft);
    this.#saved = this.#revision;
  }

  #readAccounts(): void {
    for (const { account_id } of this.draft.destinations) void this.#readAccount(account_id);
  }

  async #readAccount(account_id: string): Promise<void> {
    await this.app.accounts.readPostingOptions(account_id);
    if (this.post) void this.#runCheck();
  }

  /** Starts from what was planned, else from the next full hour. */
  #fillTime(): void {
    const planned = this.draft.planned;
    this.zone = planned?.zone ?? this.app.zone;
    const hour = 3_600_000;
    const wall = planned?.wall ?? wallAt(Math.ceil((Date.now() + hour / 4) / hour) * hour, this.zone);
    this.date = wall.slice(0, 10);
    this.time = wall.endsWith(":00") ? wall.slice(11, 16) : wall.slice(11, 19);
  }
}
