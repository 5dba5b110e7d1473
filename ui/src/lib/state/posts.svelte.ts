import type { Host, MissedDecision, Post, Publication, PublicationAction } from "../ipc";
import type { Announcer } from "./announcer.svelte";
import type { Failures } from "./failures.svelte";
import { Loadable } from "./loadable.svelte";
import { statusOf } from "./publication_status";
import type { Toasts } from "./toasts.svelte";

/** The posts and their publications, kept current by events. */
export class Posts {
  readonly posts: Loadable<Post[]>;

  constructor(
    private readonly host: Host,
    private readonly toasts: Toasts,
    private readonly failures: Failures,
    private readonly announcer: Announcer,
  ) {
    this.posts = new Loadable<Post[]>([], () => host.call("list_posts"));
    host.on("post_changed", () => void this.posts.load());
    host.on("posts_missed", ({ publication_ids: ids }) =>
      announcer.alert(ids.length === 1 ? "A post missed its time. Decide under Today." : `${ids.length} posts missed their time. Decide under Today.`),
    );
    host.on("publication_changed", ({ publication }) => this.#take(publication));
  }

  get = (id: string | null): Post | undefined => this.posts.value.find((post) => post.draft.id === id);

  get publications(): Publication[] {
    return this.posts.value.flatMap((post) => post.publications);
  }

  put = (post: Post): void => {
    this.posts.value = [post, ...this.posts.value.filter((candidate) => candidate.draft.id !== post.draft.id)];
  };

  remove = (id: string): Promise<void> =>
    this.failures.guard(async () => {
      await this.host.call("delete_post", { id });
      this.posts.value = this.posts.value.filter((post) => post.draft.id !== id);
      this.toasts.show("Deleted the post.", {
        label: "Undo",
        run: () => void this.failures.guard(async () => this.put(await this.host.call("restore_post", { id }))),
      });
    });

  cancel = (id: string): Promise<void> =>
    this.failures.guard(async () => this.#take(await this.host.call("cancel_publication", { id })));

  retry = (id: string): Promise<void> =>
    this.failures.guard(async () => this.#take(await this.host.call("retry_publication", { id })));

  pause = (id: string): Promise<void> =>
    this.failures.guard(async () => this.#take(await this.host.call("pause_publication", { id })));

  resume = (id: string): Promise<void> =>
    this.failures.guard(async () => this.#take(await this.host.call("resume_publication", { id })));

  sendFirst = (id: string): Promise<void> =>
    this.failures.guard(async () => this.#take(await this.host.call("send_publication_first", { id })));

  decideMissed = (ids: string[], decision: MissedDecision): Promise<void> =>
    this.failures.guard(async () => {
      for (const publication of await this.host.call("decide_missed", { ids, decision })) this.#take(publication);
    });

  retryFailed = (): Promise<void> =>
    this.failures.guard(async () => {
      for (const publication of await this.host.call("retry_failed")) this.#take(publication);
    });

  answer = (id: string, answer: "it_is_there" | "send_again"): Promise<void> =>
    this.failures.guard(async () => this.#take(await this.host.call("answer_in_doubt", { id, answer })));

  may = (publication: Publication, action: PublicationAction): boolean => publication.actions.includes(action);

  #take(publication: Publication): void {
    const before = this.publications.find((candidate) => candidate.id === publication.id);
    this.posts.value = this.posts.value.map((post) =>
      post.draft.id === publication.post_id
        ? { ...post, publications: post.publications.map((known) => (known.id === publication.id ? publication : known)) }
        : post,
    );
    if (!before || (before.state === publication.state && before.paused_at === publication.paused_at)) return;
    const { label, tone } = statusOf(publication);
    const sentence = `${publication.platform_name}, ${publication.account_name}: ${label}`;
    if (tone === "danger" || tone === "warning") this.announcer.alert(sentence);
    else this.announcer.say(sentence);
  }
}
