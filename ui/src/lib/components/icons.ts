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
import Keyboard from "@lucide/svelte/icons/keyboard";
import ArrowLeftToLine from "@lucide/svelte/icons/arrow-left-to-line";
import ArrowRightToLine from "@lucide/svelte/icons/arrow-right-to-line";
import Captions from "@lucide/svelte/icons/captions";
import ChevronFirst from "@lucide/svelte/icons/chevron-first";
import ChevronLast from "@lucide/svelte/icons/chevron-last";
import Crop from "@lucide/svelte/icons/crop";
import Diamond from "@lucide/svelte/icons/diamond";
import Expand from "@lucide/svelte/icons/expand";
import FastForward from "@lucide/svelte/icons/fast-forward";
import FileText from "@lucide/svelte/icons/file-text";
import Image from "@lucide/svelte/icons/image";
import Magnet from "@lucide/svelte/icons/magnet";
import Merge from "@lucide/svelte/icons/fold-horizontal";
import UnfoldHorizontal from "@lucide/svelte/icons/unfold-horizontal";
import Pause from "@lucide/svelte/icons/pause";
import Redo from "@lucide/svelte/icons/redo-2";
import Rewind from "@lucide/svelte/icons/rewind";
import RotateCw from "@lucide/svelte/icons/rotate-cw";
import Scissors from "@lucide/svelte/icons/scissors";
import SplitSquare from "@lucide/svelte/icons/square-split-horizontal";
import Square from "@lucide/svelte/icons/square";
import StepBack from "@lucide/svelte/icons/step-back";
import StepForward from "@lucide/svelte/icons/step-forward";
import SkipBack from "@lucide/svelte/icons/skip-back";
import SkipForward from "@lucide/svelte/icons/skip-forward";
import Undo from "@lucide/svelte/icons/undo-2";
import Volume from "@lucide/svelte/icons/volume-2";
import ZoomIn from "@lucide/svelte/icons/zoom-in";
import ZoomOut from "@lucide/svelte/icons/zoom-out";
import MoveHorizontal from "@lucide/svelte/icons/move-horizontal";
import Gauge from "@lucide/svelte/icons/gauge";
import ChevronUp from "@lucide/svelte/icons/chevron-up";

/** Every icon of the interface under the name of what it means. */
export const icons = {
  today: Sunrise, library: Film, composer: PenLine, posts: LayoutList, activity: Activity, accounts: Users, settings: Settings,
  add: Plus, remove: Trash, close: X, check: Check, copy: Copy, search: Search, calendar: Calendar, clock: Clock, external: ExternalLink,
  down: ChevronDown, left: ChevronLeft, right: ChevronRight, play: Play, retry: RotateCcw, key: Key, theme: SunMedium, at: AtSign,
  connect: Plug, disconnect: Unplug, wrench: Wrench, spinner: Loader,
  practice: FlaskConical, info: Info, warning: AlertTriangle, error: CircleX, success: CircleCheck,
  music: Music, video: Play,
  // Of the editor.
  keyboard: Keyboard, backward: Rewind, forward: FastForward, pause: Pause, stop: Square, keyframeBack: SkipBack, keyframeOn: SkipForward, frameBack: StepBack, frameOn: StepForward,
  markIn: ArrowLeftToLine, markOut: ArrowRightToLine, split: SplitSquare, join: Merge, keep: UnfoldHorizontal, undo: Undo, redo: Redo, magnet: Magnet,
  zoomIn: ZoomIn, zoomOut: ZoomOut, fit: MoveHorizontal, toStart: ChevronFirst, toEnd: ChevronLast, cut: Scissors, frame: Crop, sound: Volume,
  cover: Image, captions: Captions, text: FileText, rotate: RotateCw, speed: Gauge, expand: Expand, keyframe: Diamond, up: ChevronUp,
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
