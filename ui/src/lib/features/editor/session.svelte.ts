import { toWireError, type Asset, type Edit, type KeptRange, type Timeline, type WireError } from "../../ipc";
import type { App } from "../../state/app.svelte";
import { formatTimecode } from "../../format/timecode";
import { isUnchanged, unchangedEdit } from "./edit_document";
import { gainAt } from "./loudness";
import { begun, recorded, redone, settled, undone, type History } from "./history";
import { editedTime, joined, keptOf, lengthOf, moved, rangeAt, restored, split, trimmed, without, type Clip, type Edge } from "./ranges";
import { withRanges } from "./part_framing";
import { neighbour, snapped, snapTargets, type SnapTarget } from "./snapping";

const snap_reach_px = 8;

/** One asset being cut: what is known of it, the edit with its history, and where one stands. */
export class EditorSession {
  timeline = $state.raw<Timeline | null>(null);
  error = $state<WireError | null>(null);
  history = $state.raw<History<Edit>>(begun(unchangedEdit()));
  playhead_us = $state(0);
  selected = $state(0);
  snapping = $state(true);
  /** What the last movement leaned on, while it lasts. */
  snap = $state<SnapTarget | null>(null);
  asset = $state.raw<Asset>() as Asset;
  readonly #stop: () => void;

  constructor(
    readonly app: App,
    asset: Asset,
    edit: Edit | null,
    private readonly onedit: (edit: Edit | null) => void,
  ) {
    this.asset = asset;
    this.history = begun(edit ?? unchangedEdit());
    this.#stop = app.host.on("timeline_changed", ({ asset_id }) => {
      if (asset_id === asset.id) void this.load();
    });
    void this.load();
  }

  close(): void {
    this.#stop();
  }

  load = async (): Promise<void> => {
    try {
      this.timeline = await this.app.host.call("timeline", { asset_id: this.asset.id });
      this.error = null;
    } catch (error) {
      this.error = toWireError(error);
    }
  };

  get edit(): Edit {
    return this.history.present;
  }

  get clip(): Clip {
    const timeline = this.timeline;
    const duration_us = timeline?.duration_us ?? (this.asset.media?.duration_ms ?? 1) * 1000;
    return { duration_us, frame_us: 1_000_000 / (timeline?.frame_rate_fps ?? this.asset.media?.frame_rate_fps ?? 30) };
  }

  /** What is kept, in play order; never empty. */
  get ranges(): KeptRange[] {
    return keptOf(this.edit.ranges, this.clip);
  }

  get range(): KeptRange {
    return this.ranges[this.selected] ?? this.ranges[0]!;
  }

  /** The part whose framing is seen and changed: the one under the playhead, or, where that is cut away, the selected one. */
  get framedPart(): number {
    const shown = rangeAt(this.ranges, this.playhead_us);
    return shown >= 0 ? shown : this.selected;
  }

  /** Length of the result. */
  get result_us(): number {
    return lengthOf(this.ranges) / this.edit.speed;
  }

  /** What a movement that starts now can lean on: all but the thing that moves. */
  targetsFor = (moving: "playhead" | "edge"): SnapTarget[] => {
    if (!this.timeline) return [];
    const edges = this.edit.ranges.flatMap(({ start_us, end_us }): SnapTarget[] => [{ at_us: start_us, kind: "edge" }, { at_us: end_us, kind: "edge" }]);
    return snapTargets(this.timeline, moving === "edge" ? [{ at_us: this.playhead_us, kind: "playhead" }] : edges);
  };

  /** As shown everywhere. */
  timecode = (at_us: number): string => formatTimecode(at_us, this.clip.duration_us);

  /** Where the playhead stands in the result, or null where it is cut away. */
  get edited_us(): number | null {
    const at = editedTime(this.ranges, this.playhead_us);
    return at === null ? null : at / this.edit.speed;
  }

  /** What the edit makes of the sound at each moment of the source; where it is cut away, only the volume counts. */
  get gainCurve(): (at_us: number) => number {
    const { ranges, result_us } = this;
    const { sound, speed } = this.edit;
    const unfaded = gainAt({ ...sound, fade_in_ms: 0, fade_out_ms: 0 }, 0, 0);
    return (at_us) => {
      const edited_us = editedTime(ranges, at_us);
      return edited_us === null ? unfaded : gainAt(sound, edited_us / speed, result_us);
    };
  }

  change = (label: string, change: (edit: Edit) => Edit, gesture: string | null = null): void => {
    const before = this.history;
    this.#take(recorded(before, change(structuredClone(before.present)), label, gesture));
  };

  settle = (): void => {
    this.history = settled(this.history);
    this.snap = null;
  };

  undo = (): void => {
    const label = this.history.past.at(-1)?.label;
    this.#take(undone(this.history));
    if (label) this.app.announcer.say(`Undone: ${label}`);
  };

  redo = (): void => {
    const label = this.history.future[0]?.label;
    this.#take(redone(this.history));
    if (label) this.app.announcer.say(`Redone: ${label}`);
  };

  #take(history: History<Edit>): void {
    if (history === this.history) return;
    this.history = history;
    this.selected = Math.min(this.selected, this.ranges.length - 1);
    this.onedit(isUnchanged(history.present) ? null : history.present);
  }

  #setRanges(label: string, ranges: KeptRange[] | null, gesture: string | null = null): boolean {
    if (!ranges) return false;
    const clip = this.clip;
    this.change(label, (edit) => withRanges(edit, ranges, clip), gesture);
    return true;
  }

  /** Goes to a moment: never past the last frame. Selects the part that is shown there. */
  seek = (at_us: number): void => {
    const { duration_us, frame_us } = this.clip;
    this.playhead_us = Math.round(Math.min(Math.max(0, at_us), Math.max(0, duration_us - frame_us)));
    const shown = rangeAt(this.ranges, this.playhead_us);
    if (shown >= 0) this.selected = shown;
  };

  step = (frames: number): void => this.seek(Math.round(this.playhead_us / this.clip.frame_us + frames) * this.clip.frame_us);

  toKeyframe = (direction: -1 | 1): void => {
    const next = neighbour(this.timeline?.keyframes_us ?? [], this.playhead_us, direction, this.clip.frame_us);
    if (next !== null) this.seek(next);
  };

  /** Leans a moment on what is near, and remembers on what. `free` goes exactly where it is told. */
  lean = (targets: readonly SnapTarget[], at_us: number, us_per_px: number, free: boolean): number => {
    this.snap = this.snapping && !free ? snapped(targets, at_us, snap_reach_px * us_per_px) : null;
    return this.snap?.at_us ?? at_us;
  };

  /** Shows the frame at an edge without leaving its part. */
  show = (index: number, edge: Edge): void => {
    const range = this.ranges[index];
    if (!range) return;
    this.seek(edge === "start_us" ? range.start_us : range.end_us - this.clip.frame_us);
    this.selected = index;
  };

  trim = (index: number, edge: Edge, at_us: number, gesture: string | null = null): void => {
    this.selected = index;
    this.#setRanges(edge === "start_us" ? "Trim start" : "Trim end", trimmed(this.ranges, index, edge, at_us, this.clip), gesture);
  };

  /** The selected part starts with the frame under the playhead. */
  markIn = (): void => this.trim(this.selected, "start_us", this.playhead_us);

  /** The selected part ends with the frame under the playhead. */
  markOut = (): void => this.trim(this.selected, "end_us", this.playhead_us + this.clip.frame_us);

  split = (): void => {
    const index = rangeAt(this.ranges, this.playhead_us);
    if (this.#setRanges("Split", split(this.ranges, this.playhead_us, this.clip))) this.selected = index + 1;
    else this.app.announcer.say("Nothing to split here");
  };

  remove = (index: number = this.selected): void => {
    if (!this.#setRanges("Delete part", without(this.ranges, index))) this.app.announcer.say("The last part stays");
  };

  join = (index: number = this.selected): void => {
    if (this.#setRanges("Join parts", joined(this.ranges, index))) this.selected = index;
  };

  restore = (): void => {
    const ranges = restored(this.ranges, this.playhead_us, this.clip);
    if (this.#setRanges("Keep again", ranges)) this.selected = Math.max(0, rangeAt(this.ranges, this.playhead_us));
  };

  move = (index: number, by: -1 | 1): void => {
    if (this.#setRanges("Move part", moved(this.ranges, index, by))) this.selected = index + by;
  };

  select = (index: number): void => {
    const range = this.ranges[index];
    if (!range) return;
    this.selected = index;
    this.seek(range.start_us);
    this.selected = index;
  };

  reset = (): void => this.change("Start over", unchangedEdit);

  get canSplit(): boolean {
    return split(this.ranges, this.playhead_us, this.clip) !== null;
  }

  get canRestore(): boolean {
    return restored(this.ranges, this.playhead_us, this.clip) !== null;
  }

  canJoin = (index: number): boolean => joined(this.ranges, index) !== null;
}
