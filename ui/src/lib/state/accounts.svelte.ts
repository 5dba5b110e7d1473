import { SvelteMap } from "svelte/reactivity";

import { toWireError, type Account, type Host, type Platform, type PostingOptions, type Realm, type WireError } from "../ipc";
import type { Announcer } from "./announcer.svelte";
import type { Failures } from "./failures.svelte";
import { Loadable } from "./loadable.svelte";
import type { Toasts } from "./toasts.svelte";

export interface Connecting {
  connect_id: string;
  authorize_url: string;
}

const keyOf = (platform: string, realm: Realm) => `${realm}/${platform}`;

/** Platforms, accounts, and sign-ins that wait for the browser. */
export class Accounts {
  readonly platforms: Loadable<Platform[]>;
  readonly accounts: Loadable<Account[]>;
  readonly connecting = new SvelteMap<string, Connecting>();
  readonly connectErrors = new SvelteMap<string, WireError>();
  readonly posting = new SvelteMap<string, PostingOptions>();
  readonly postingErrors = new SvelteMap<string, WireError>();

  constructor(
    private readonly host: Host,
    private readonly toasts: Toasts,
    private readonly failures: Failures,
    private readonly announcer: Announcer,
  ) {
    this.platforms = new Loadable<Platform[]>([], () => host.call("list_platforms"));
    this.accounts = new Loadable<Account[]>([], () => host.call("list_accounts"));
    host.on("account_changed", () => void this.accounts.load());
    host.on("connect_finished", ({ connect_id, error }) => {
      const entry = [...this.connecting].find(([, connecting]) => connecting.connect_id === connect_id);
      if (!entry) return;
      this.connecting.delete(entry[0]);
      if (error) {
        this.connectErrors.set(entry[0], error);
        this.announcer.alert(error.message);
      } else {
        void this.accounts.load();
        this.toasts.show("Account connected.");
        this.announcer.say("Account connected");
      }
    });
  }

  get = (id: string): Account | undefined => this.accounts.value.find((account) => account.id === id);

  platform = (id: string, realm: Realm): Platform | undefined =>
    this.platforms.value.find((platform) => platform.id === id && platform.realm === realm);

  platformOf = (account: Account): Platform | undefined => this.platform(account.platform, account.realm);

  waiting = (platform: Platform): Connecting | undefined => this.connecting.get(keyOf(platform.id, platform.realm));

  connectError = (platform: Platform): WireError | undefined => this.connectErrors.get(keyOf(platform.id, platform.realm));

  connect = async (platform: Pick<Platform, "id" | "realm">): Promise<void> => {
    const key = keyOf(platform.id, platform.realm);
    this.connectErrors.delete(key);
    try {
      this.connecting.set(key, await this.host.call("begin_connect", { platform: platform.id, realm: platform.realm }));
    } catch (error) {
      this.connectErrors.set(key, toWireError(error));
    }
  };

  cancelConnect = async (platform: Platform): Promise<void> => {
    const key = keyOf(platform.id, platform.realm);
    const connecting = this.connecting.get(key);
    if (!connecting) return;
    this.connecting.delete(key);
    await this.failures.guard(() => this.host.call("cancel_connect", { connect_id: connecting.connect_id }));
  };

  /** Looks at the account now, as happens once a day. */
  check = (account: Account): Promise<void> =>
    this.failures.guard(async () => {
      const checked = await this.host.call("check_account", { id: account.id });
      await this.accounts.load();
      this.announcer.say(checked.check_error ? checked.check_error.message : `${checked.display_name} is in order`);
    });

  disconnect = (account: Account): Promise<void> =>
    this.failures.guard(async () => {
      await this.host.call("disconnect_account", { id: account.id });
      await this.accounts.load();
      this.toasts.show(`Disconnected “${account.display_name}”.`, {
        label: "Reconnect",
        run: () => void this.connect({ id: account.platform, realm: account.realm }),
      });
    });

  /** Rejects with a `WireError`, which the form shows. */
  saveCredentials = async (platform: Platform, client_id: string, client_secret: string): Promise<void> => {
    await this.host.call("set_client_credentials", { platform: platform.id, client_id, client_secret });
    await this.platforms.load();
  };

  /** Asks the platform what the account may do now; each composer page asks afresh. */
  readPostingOptions = async (account_id: string): Promise<void> => {
    try {
      this.posting.set(account_id, await this.host.call("posting_options", { account_id }));
      this.postingErrors.delete(account_id);
    } catch (error) {
      this.postingErrors.set(account_id, toWireError(error));
    }
  };
}
