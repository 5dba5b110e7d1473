import type { Commands } from "../generated/commands";
import type { Events } from "../generated/events";
import type { AddOutcome, Asset, Post, Publication, PublicationState } from "../generated/types";
import type { CommandName, EventName, Host, RequestArguments, ResponseOf } from "../host";
import { toWireError } from "../wire_error";
import { resolveWall } from "../../format/zoned";
import { FakeEditor, type EditorHandlers, type MediaMood } from "./editor";
import { lateHandlers, type LateHandlers, type LateSurroundings } from "./late";
import { machineHandlers, type MachineHandlers } from "./machine";
import { platforms, postingOptions } from "./platforms";
import { posters } from "./posters";
import { FakePlayback, type PlaybackHandlers } from "./playback";
import { upkeep, type UpkeepHandlers } from "./upkeep";
import { checkPost } from "./preflight";
import { addLine, failing, moved, play } from "./publishing";
import { FakeTransfers, type TransferHandlers } from "./transfers";
import { refusalOf } from "./refusals";
import { isStill, still } from "./stills";
import { account, clip, fakeError, publicationOf, type World } from "./world";

export interface FakeOptions {
  world: World;
  /** Simulated milliseconds per real one. */
  pace: number;
  /** Every reading command fails. */
  broken: boolean;
  /** No answer to reading commands ever comes. */
  stuck: boolean;
  /** How looking into videos goes. */
  media: MediaMood;
  /** What every copy made for looking plays as; null where none can be made. */
  copy_url: string | null;
  save(world: World): void;
}

type Handlers = { [K in CommandName]: (request: Commands[K]["request"]) => Commands[K]["response"] | Promise<Commands[K]["response"]> };

/** An in-memory core: believable, forgetful only when asked, and never on the network. */
export class FakeHost implements Host {
  readonly kind = "fake";
  readonly #listeners = new Map<EventName, Set<(payload: never) => void>>();
  readonly #connecting = new Set<string>();
  readonly #playing = new Set<string>();
  #counter = 0;
  readonly #editor: FakeEditor;
  readonly #transfers: FakeTransfers;
  readonly #late: LateSurroundings = {
    publications: () => this.world.posts.flatMap((post) => post.publications),
    publication: (id) => this.#publication(id),
    post: (id) => this.#post(id),
    move: (id, to, reason, change) => this.#move(id, to, "user", reason, change),
    start: (id) => this.#start(id),
    resume: (post) => this.#resume(post),
  };
  readonly #handlers: Handlers;

  constructor(private readonly options: FakeOptions) {
    this.#editor = new FakeEditor({
      world: () => this.world, mood: options.media, wait: (duration_ms) => this.#wait(duration_ms), emit: (name, payload) => this.emit(name, payload),
    });
    const playback = new FakePlayback({
      world: () => this.world, copy_url: options.copy_url, wait: (duration_ms) => this.#wait(duration_ms), emit: (name, payload) => this.emit(name, payload),
    });
    this.#transfers = new FakeTransfers({
      publications: () => this.world.posts.flatMap((post) => post.publications), put: (publication) => this.#put(publication), emit: (name, payload) => this.emit(name, payload),
    });
    this.#handlers = { ...this.#ownHandlers(), ...this.#editor.handlers, ...playback.handlers, ...this.#transfers.handlers, ...machineHandlers(), ...upkeep(() => this.world), ...lateHandlers(this.#late) };
    for (const post of this.world.posts) this.#resume(post);
  }

  get world(): World {
    return this.options.world;
  }

  async call<K extends CommandName>(name: K, ...request: RequestArguments<K>): Promise<ResponseOf<K>> {
    await this.#wait(20);
    const reads = name.startsWith("list_") || name === "health";
    if (reads && this.options.stuck) return new Promise(() => undefined);
    if (reads && this.options.broken) {
      throw fakeError("store.unavailable", "The database cannot be read: the disk does not answer.", {
        fix: "Check the disk, then try again.", retry: "transient", details: ["database disk image: I/O error (522)"],
      });
    }
    try {
      const handler = this.#handlers[name] as (request: unknown) => unknown;
      const response = (await handler(structuredClone(request[0]))) as ResponseOf<K>;
      this.options.save(this.world);
      return structuredClone(response);
    } catch (error) {
      throw toWireError(error);
    }
  }

  on<K extends EventName>(name: K, handler: (payload: Events[K]) => void): () => void {
    const handlers = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, handlers);
    handlers.add(handler as (payload: never) => void);
    return () => void handlers.delete(handler as (payload: never) => void);
  }

  /** Tells every listener; for the fake's own use and for tests. */
  emit<K extends EventName>(name: K, payload: Events[K]): void {
    for (const handler of this.#listeners.get(name) ?? []) (handler as (payload: Events[K]) => void)(structuredClone(payload));
  }

  /** What a drop from the file manager does in the desktop app. */
  drop(paths: string[]): void {
    this.emit("assets_dropped", { outcomes: this.#add(paths) });
    this.options.save(this.world);
  }

  #wait(duration_ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, duration_ms / this.options.pace));
  }

  #id(kind: string): string {
    this.#counter += 1;
    return `${kind}-${Date.now().toString(36)}-${this.#counter}`;
  }

  #add(paths: string[]): AddOutcome[] {
    return paths.map((path): AddOutcome => {
      const name = path.split(/[/\\]/).at(-1) ?? path;
      const known = this.world.assets.find((asset) => asset.path === path);
      if (known) return { kind: "already_there", path, asset: known };
      const refusal = refusalOf(name);
      if (refusal) return { kind: "refused", path, error: refusal };
      const keys = Object.keys(posters) as (keyof typeof posters)[];
      const seed = Array.from(name).reduce((sum, character) => sum + character.charCodeAt(0), 0);
      const [id, poster] = [this.#id("asset"), keys[seed % keys.length]!];
      const measured = isStill(name)
        ? still(id, Date.now(), { name, poster, megabytes: 1 + (seed % 7) })
        : clip(id, Date.now(), { name, poster, seconds: 12 + (seed % 48), megabytes: 12 + (seed % 70) });
      const ready: Asset = { ...measured, path };
      const probing: Asset = { ...ready, state: "probing", media: null, picture: null, poster_url: null, compliance: [] };
      this.world.assets.unshift(probing);
      void this.#wait(700).then(() => {
        const index = this.world.assets.findIndex((asset) => asset.id === ready.id);
        if (index < 0) return;
        this.world.assets[index] = ready;
        this.options.save(this.world);
        this.emit("asset_changed", { id: ready.id, asset: ready });
      });
      return { kind: "added", path, asset: probing };
    });
  }

  #post(id: string): Post {
    const post = this.world.posts.find((candidate) => candidate.draft.id === id);
    if (!post) throw fakeError("post.unknown", "This post no longer exists.");
    return post;
  }

  #publication(id: string): Publication {
    for (const post of this.world.posts) {
      const publication = post.publications.find((candidate) => candidate.id === id);
      if (publication) return publication;
    }
    throw fakeError("publication.unknown", "This publication no longer exists.");
  }

  #put(after: Publication): void {
    const post = this.#post(after.post_id);
    post.publications = post.publications.map((publication) => (publication.id === after.id ? after : publication));
  }

  #move(id: string, to: PublicationState, actor: string, reason: string, change: Partial<Publication> = {}): Publication {
    const before = this.#publication(id);
    const after = moved(before, to, Date.now(), change);
    this.#put(after);
    this.#post(before.post_id).updated_at = after.since;
    const log = (this.world.logs[id] ??= { publication_id: id, events: [], attempts: [] });
    log.events.push({ at: after.since, actor, from: before.state, to, reason });
    this.options.save(this.world);
    this.emit("publication_changed", { publication: after });
    return after;
  }

  #line(id: string, step: string, text: string): void {
    addLine((this.world.logs[id] ??= { publication_id: id, events: [], attempts: [] }), this.#id("attempt"), step, text);
  }

  #start(id: string): void {
    if (this.#playing.has(id)) return;
    this.#playing.add(id);
    void play(
      {
        now: () => Date.now(),
        wait: (duration_ms) => this.#wait(duration_ms),
        current: (wanted) => {
          try {
            return this.#publication(wanted);
          } catch {
            return null;
          }
        },
        held: (wanted) => this.#transfers.holds(this.world.posts.flatMap((post) => post.publications).find((publication) => publication.id === wanted) ?? null),
        asset: (publication) => this.world.assets.find((asset) => asset.id === this.#post(publication.post_id).draft.asset_id),
        move: (wanted, to, actor, reason, change) => void this.#move(wanted, to, actor, reason, change),
        line: (wanted, step, text) => this.#line(wanted, step, text),
        progress: (progress) => this.emit("transfer_progress", progress),
      },
      id,
    ).finally(() => this.#playing.delete(id));
  }

  /** Picks up what is due soon, also after a reload. */
  #resume(post: Post): void {
    if (post.draft.caption.includes("#fail")) failing.add(post.draft.id);
    else failing.delete(post.draft.id);
    for (const publication of post.publications) {
      const moving: PublicationState[] = ["scheduled", "preparing", "ready", "uploading", "publishing", "confirming"];
      if (!moving.includes(publication.state) || !publication.due_at) continue;
      const lead_ms = Date.parse(publication.due_at) - Date.now() - 60_000;
      if (lead_ms > 3_600_000) continue;
      setTimeout(() => {
        try {
          if (moving.includes(this.#publication(publication.id).state)) this.#start(publication.id);
        } catch {
          // Deleted meanwhile.
        }
      }, Math.max(0, lead_ms));
    }
  }

  #ownHandlers = (): Omit<Handlers, keyof EditorHandlers | keyof PlaybackHandlers | keyof TransferHandlers | keyof MachineHandlers | keyof UpkeepHandlers | keyof LateHandlers> => ({
    list_assets: () => this.world.assets,
    add_assets: ({ paths }) => this.#add(paths),
    pick_assets: () => {
      const names = ["golden hour walk.mp4", "sourdough, day three.mp4", "notes.txt"];
      const fresh = names.filter((name) => !this.world.assets.some((asset) => asset.file_name === name));
      return this.#add(fresh.slice(0, 2).map((name) => `/home/ada/Videos/${name}`));
    },
    paste_assets: () => this.#add(["/home/ada/Videos/copied in the file manager.mp4"]),
    remove_asset: ({ id }) => {
      const asset = this.world.assets.find((candidate) => candidate.id === id);
      if (!asset) return;
      this.world.assets = this.world.assets.filter((candidate) => candidate.id !== id);
      this.world.removedAssets.push(asset);
      this.emit("asset_changed", { id, asset: null });
    },
    restore_asset: ({ id }) => {
      const asset = this.world.removedAssets.find((candidate) => candidate.id === id);
      if (!asset) throw fakeError("asset.unknown", "This video can no longer be brought back.");
      this.world.removedAssets = this.world.removedAssets.filter((candidate) => candidate.id !== id);
      this.world.assets.push(asset);
      this.world.assets.sort((a, b) => b.added_at.localeCompare(a.added_at));
      this.emit("asset_changed", { id, asset });
      return asset;
    },

    list_platforms: () => platforms(this.world.credentialsSet),
    set_client_credentials: ({ platform, client_id, client_secret }) => {
      if (client_id.trim() === "" || client_secret.trim() === "") {
        throw fakeError("auth.client", "Both the client ID and the client secret are needed.", { retry: "needs_user", action: "enter_credentials" });
      }
      if (!this.world.credentialsSet.includes(platform)) this.world.credentialsSet.push(platform);
    },
    list_accounts: () => this.world.accounts,
    begin_connect: ({ platform, realm }) => {
      const connect_id = this.#id("connect");
      this.#connecting.add(connect_id);
      void this.#wait(2500).then(() => {
        if (!this.#connecting.delete(connect_id)) return;
        const name = realm === "practice" ? (platform === "tiktok" ? "Ada Practice" : "Practice Channel") : "Ada Makes";
        const id = `account-${realm}-${platform}`;
        const added = account(id, platform as "tiktok" | "youtube", realm, name, platform === "tiktok" ? 320 : 265, Date.now());
        this.world.accounts = [...this.world.accounts.filter((candidate) => candidate.id !== id), added];
        this.options.save(this.world);
        this.emit("account_changed", { id });
        this.emit("connect_finished", { connect_id, account_id: id, error: null });
      });
      return { connect_id, authorize_url: `http://127.0.0.1:8787/${platform}/authorize?client_key=practice&state=${connect_id}` };
    },
    cancel_connect: ({ connect_id }) => {
      if (!this.#connecting.delete(connect_id)) return;
      this.emit("connect_finished", {
        connect_id, account_id: null,
        error: fakeError("connect.ended", "The connection was cancelled.", { retry: "needs_user", action: "reconnect" }),
      });
    },
    disconnect_account: ({ id }) => {
      this.world.accounts = this.world.accounts.filter((candidate) => candidate.id !== id);
      this.emit("account_changed", { id });
    },
    posting_options: ({ account_id }) => {
      const found = this.world.accounts.find((candidate) => candidate.id === account_id);
      if (!found) throw fakeError("account.unknown", "This account is no longer connected.");
      return postingOptions(account_id, found.platform);
    },

    list_posts: () => this.world.posts,
    get_post: ({ id }) => this.#post(id),
    save_post: ({ draft }) => {
      const at = new Date().toISOString();
      const known = this.world.posts.find((candidate) => candidate.draft.id === draft.id);
      const kept = known?.publications ?? [];
      if (kept.some((publication) => publication.state !== "draft")) {
        throw fakeError("post.busy", "This post is already under way.", { fix: "Put it back to a draft first." });
      }
      const publications = draft.destinations.flatMap(({ account_id }) => {
        const found = this.world.accounts.find((candidate) => candidate.id === account_id);
        return found ? [publicationOf(draft.id, found, "draft", Date.now(), null)] : [];
      });
      const post: Post = { draft, created_at: known?.created_at ?? at, updated_at: at, publications };
      this.world.posts = [post, ...this.world.posts.filter((candidate) => candidate.draft.id !== draft.id)];
      return post;
    },
    delete_post: ({ id }) => {
      const post = this.#post(id);
      this.world.posts = this.world.posts.filter((candidate) => candidate !== post);
      this.world.deletedPosts.push(post);
      this.emit("post_changed", { post_id: id });
    },
    restore_post: ({ id }) => {
      const post = this.world.deletedPosts.find((candidate) => candidate.draft.id === id);
      if (!post) throw fakeError("post.unknown", "This post can no longer be brought back.");
      this.world.deletedPosts = this.world.deletedPosts.filter((candidate) => candidate !== post);
      this.world.posts = [post, ...this.world.posts];
      this.emit("post_changed", { post_id: id });
      return post;
    },
    check_post: ({ id }) => {
      const post = this.#post(id);
      const asset = this.world.assets.find((candidate) => candidate.id === post.draft.asset_id);
      const all = platforms(this.world.credentialsSet);
      const facts = post.draft.destinations.flatMap(({ account_id }) => {
        const found = this.world.accounts.find((candidate) => candidate.id === account_id);
        const platform = all.find((candidate) => candidate.id === found?.platform && candidate.realm === found?.realm);
        return found && platform
          ? [{ account_id, account_name: found.display_name, platform, posting: postingOptions(account_id, found.platform) }]
          : [];
      });
      return checkPost(post, asset, facts);
    },
    schedule_post: ({ id, when }) => {
      const post = this.#post(id);
      const due = when.kind === "now" ? Date.now() : resolveWall(when.wall, when.zone)?.instant_ms;
      if (due === undefined) throw fakeError("schedule.time", "This date and time cannot be used.", { retry: "needs_user", action: "edit_post" });
      if (due < Date.now() - 60_000) {
        throw fakeError("schedule.past", "This time has passed.", { fix: "Choose a later time, or publish now.", retry: "needs_user", action: "edit_post" });
      }
      const planned = when.kind === "now" ? post.draft.planned : { wall: when.wall, zone: when.zone };
      post.draft.planned = planned;
      for (const publication of post.publications) {
        const change = { due_at: new Date(due).toISOString(), planned, error: null, needs_user_reason: null, receipt: null };
        this.#move(publication.id, "scheduled", "user", when.kind === "now" ? "Publish now was pressed" : "Scheduled in the composer", change);
      }
      this.emit("post_changed", { post_id: id });
      this.#resume(this.#post(id));
      return this.#post(id);
    },
    unschedule_post: ({ id }) => {
      const post = this.#post(id);
      for (const publication of post.publications) {
        this.#move(publication.id, "draft", "user", "Back to a draft", { due_at: null, error: null });
      }
      this.emit("post_changed", { post_id: id });
      return this.#post(id);
    },

    cancel_publication: ({ id }) => this.#move(id, "cancelled", "user", "Cancelled by the user"),
    retry_publication: ({ id }) => {
      if (this.#publication(id).state === "published") {
        return this.#move(id, "published", "user", "Try again was pressed: the addition is there now", { warnings: [] });
      }
      const again = this.#move(id, "scheduled", "user", "Try again was pressed", { error: null, needs_user_reason: null, due_at: new Date().toISOString() });
      failing.delete(again.post_id);
      this.#start(id);
      return again;
    },
    answer_in_doubt: ({ id, answer }) => {
      if (answer === "it_is_there") {
        return this.#move(id, "published", "user", "The user has seen the post at the platform", {
          error: null, needs_user_reason: null,
          receipt: { remote_id: null, url: null, published_at: new Date().toISOString(), visibility: null, read_back: false },
        });
      }
      const again = this.#move(id, "scheduled", "user", "The user has looked: it is not there", {
        error: null, needs_user_reason: null, due_at: new Date().toISOString(),
      });
      this.#start(id);
      return again;
    },
    publication_log: ({ id }) => this.world.logs[id] ?? { publication_id: id, events: [], attempts: [] },
  });
}
