import type { Commands } from "../generated/commands";
import type { GraphicsCard } from "../generated/types";
import { fakeZone } from "./world";

type MachineCommand = "app_info" | "health" | "graphics_card" | "allow_graphics_card" | "open_link";
export type MachineHandlers = { [K in MachineCommand]: (request: Commands[K]["request"]) => Commands[K]["response"] | Promise<Commands[K]["response"]> };

/** What the computer says about itself. */
export function machineHandlers(): MachineHandlers {
  // As on most computers that run tests: nothing passes.
  let graphicsCard: GraphicsCard = { is_allowed: false, encoders: null };
  return {
    app_info: () => ({
      version: "0.1.0", zones: Intl.supportedValuesOf("timeZone"), default_zone: fakeZone,
      preview: { base_url: "", token: "" }, practice_page_url: "http://127.0.0.1:8787/", data_dir: "~/.local/share/daypart",
    }),
    health: () => ({
      checks: [
        { code: "ffmpeg", label: "ffmpeg", state: "ok", message: "Version 5.1.9", fix: null },
        { code: "keychain", label: "Keychain", state: "ok", message: "Unlocked", fix: null },
        { code: "practice", label: "Practice platforms", state: "ok", message: "Running on this computer", fix: null },
      ],
    }),
    graphics_card: () => graphicsCard,
    allow_graphics_card: ({ is_allowed }) => {
      graphicsCard = { is_allowed, encoders: is_allowed ? [] : null };
      return graphicsCard;
    },
    open_link: ({ url }) => {
      window.dispatchEvent(new CustomEvent("fake-open-link", { detail: url }));
    },
  };
}
