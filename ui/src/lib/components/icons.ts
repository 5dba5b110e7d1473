import AlertTriangle from "@lucide/svelte/icons/triangle-alert";
import Activity from "@lucide/svelte/icons/activity";
import AtSign from "@lucide/svelte/icons/at-sign";
import Ban from "@lucide/svelte/icons/ban";
import Calendar from "@lucide/svelte/icons/calendar";
import Check from "@lucide/svelte/icons/check";
import ChevronDown from "@lucide/svelte/icons/chevron-down";
import ChevronLeft from "@lucide/svelte/icons/chevron-left";
import ChevronRight from "@lucide/svelte/icons/chevron-right";
import CircleCheck from "@lucide/svelte/icons/circle-check";
import CircleHelp from "@lucide/svelte/icons/circle-question-mark";
import CircleX from "@lucide/svelte/icons/circle-x";
import Clock from "@lucide/svelte/icons/clock";
import CloudCheck from "@lucide/svelte/icons/cloud-check";
import Copy from "@lucide/svelte/icons/copy";
import ExternalLink from "@lucide/svelte/icons/external-link";
import Film from "@lucide/svelte/icons/film";
import FlaskConical from "@lucide/svelte/icons/flask-conical";
import Info from "@lucide/svelte/icons/info";
import Key from "@lucide/svelte/icons/key-round";
import LayoutList from "@lucide/svelte/icons/layout-list";
import Loader from "@lucide/svelte/icons/loader-circle";
import Music from "@lucide/svelte/icons/music-2";
import Package from "@lucide/svelte/icons/package-check";
import PenLine from "@lucide/svelte/icons/pen-line";
import Play from "@lucide/svelte/icons/play";
import Plug from "@lucide/svelte/icons/plug";
import Plus from "@lucide/svelte/icons/plus";
import RotateCcw from "@lucide/svelte/icons/rotate-ccw";
import Search from "@lucide/svelte/icons/search";
import Send from "@lucide/svelte/icons/send";
import Settings from "@lucide/svelte/icons/settings";
import SunMedium from "@lucide/svelte/icons/sun-medium";
import Sunrise from "@lucide/svelte/icons/sunrise";
import Trash from "@lucide/svelte/icons/trash-2";
import Unplug from "@lucide/svelte/icons/unplug";
import Upload from "@lucide/svelte/icons/upload";
import UserAlert from "@lucide/svelte/icons/user-round";
import Users from "@lucide/svelte/icons/users-round";
import Wrench from "@lucide/svelte/icons/wrench";
import X from "@lucide/svelte/icons/x";

/** Every icon of the interface under the name of what it means. */
export const icons = {
  today: Sunrise, library: Film, composer: PenLine, posts: LayoutList, activity: Activity, accounts: Users, settings: Settings,
  add: Plus, remove: Trash, close: X, check: Check, copy: Copy, search: Search, calendar: Calendar, clock: Clock, external: ExternalLink,
  down: ChevronDown, left: ChevronLeft, right: ChevronRight, play: Play, retry: RotateCcw, key: Key, theme: SunMedium, at: AtSign,
  connect: Plug, disconnect: Unplug, wrench: Wrench, spinner: Loader,
  practice: FlaskConical, info: Info, warning: AlertTriangle, error: CircleX, success: CircleCheck,
  music: Music, video: Play,
  // Of a publication's states.
  draft: PenLine, gear: Wrench, upload: Upload, ready: Package, send: Send, published: CircleCheck, handed: CloudCheck,
  question: CircleHelp, user: UserAlert, missed: Clock, failed: CircleX, cancelled: Ban,
} as const;

export type IconName = keyof typeof icons;

const platformMarks: Record<string, IconName> = { tiktok: "music", youtube: "video" };

/** What is drawn for a platform; one that has no mark yet gets a neutral one. */
export function platformMark(platform: string): IconName {
  return platformMarks[platform] ?? "at";
}
