import type { PlaybackSource } from "./playback.svelte";
import { playsNext, rangeAt } from "./ranges";
import type { EditorSession } from "./session.svelte";

const shuttle_rates = [1, 2, 4, 8];

/** Plays the edit: skips what is cut away, with sound where the web view can play the file, else by stepping frames. */
export class Player {
  /** 0 stands still; below 0 plays backwards. */
  rate = $state(0);
  /** Playing began without something to play; it goes on like that although there may be something by now. */
  #stepping = $state(false);
  #video: HTMLVideoElement | null = null;
  #playing = -1;
  #last_ms = 0;
  #frame = 0;

  constructor(
    private readonly session: EditorSession,
    private readonly source: PlaybackSource,
  ) {}

  /** Why there is no playback with sound; empty where there is. */
  get reason(): string {
    return this.source.reason;
  }

  /** What the element plays; null where there is nothing. */
  get url(): string | null {
    return this.source.url;
  }

  get withVideo(): boolean {
    return this.url !== null && !this.#stepping && this.#video !== null;
  }

  /** The element that plays the file; null when it goes away. */
  attach = (video: HTMLVideoElement | null): void => {
    this.#video = video;
  };

  /** The web view gave up on what it was given. */
  refused = (): void => {
    this.stop();
    this.#video = null;
    this.source.refused();
  };

  /** Sound without a picture means that the web view lacks the decoder; it does not say so by itself. */
  opened = (): void => {
    if (this.#video?.videoWidth === 0) this.refused();
  };

  toggle = (): void => (this.rate === 0 ? this.#start(1) : this.stop());

  /** Faster each time in the same direction. */
  shuttle = (direction: -1 | 1): void => {
    const faster = shuttle_rates[Math.min(shuttle_rates.indexOf(Math.abs(this.rate)) + 1, shuttle_rates.length - 1)]!;
    this.#start(Math.sign(this.rate) === direction ? faster * direction : direction);
  };

  stop = (): void => {
    if (this.rate === 0) return;
    this.rate = 0;
    this.#stepping = false;
    cancelAnimationFrame(this.#frame);
    this.#video?.pause();
  };

  #start(rate: number): void {
    const { session } = this;
    const { duration_us, frame_us } = session.clip;
    const last = session.ranges.at(-1)!;
    const atEnd = session.playhead_us >= Math.min(last.end_us, duration_us) - frame_us * 1.5 && rangeAt(session.ranges, session.playhead_us) === session.ranges.length - 1;
    if (rate > 0 && atEnd && this.rate === 0) session.seek(session.ranges[0]!.start_us);
    this.#playing = rangeAt(session.ranges, session.playhead_us);
    if (this.rate === 0) this.#stepping = !this.withVideo;
    this.rate = rate;
    this.#last_ms = performance.now();
    if (this.withVideo) this.#playVideo();
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(this.#tick);
  }

  #playVideo(): void {
    const video = this.#video!;
    if (this.rate < 0) return video.pause();
    const { sound, speed } = this.session.edit;
    video.muted = sound.muted;
    video.playbackRate = Math.min(16, Math.max(0.0625, this.rate * speed));
    this.#seekVideo(this.session.playhead_us);
    // Whoever stops at once interrupts the start; that is no failure.
    void video.play().catch(() => undefined);
  }

  #seekVideo(at_us: number): void {
    const at_s = at_us / 1_000_000;
    if (this.#video && Math.abs(this.#video.currentTime - at_s) > 0.02) this.#video.currentTime = at_s;
  }

  /** Keeps the element where the playhead is while nothing plays. */
  follow = (at_us: number): void => {
    if (this.rate === 0 && this.withVideo && !this.#video!.seeking) this.#seekVideo(at_us);
  };

  #tick = (now_ms: number): void => {
    if (this.rate === 0) return;
    const { session } = this;
    const passed_us = Math.max(0, now_ms - this.#last_ms) * 1000 * this.rate * session.edit.speed;
    this.#last_ms = now_ms;
    const reads = this.rate > 0 && this.withVideo;
    if (reads && this.#video!.seeking) return this.#again();
    if (reads && this.#video!.ended && this.#playing === session.ranges.length - 1) return this.#finish();
    const at_us = reads ? this.#video!.currentTime * 1_000_000 : session.playhead_us + passed_us;
    const next = this.rate > 0 ? this.#onwards(at_us) : this.#backwards(at_us);
    if (next === null) return this.#finish();
    session.seek(next);
    if (reads) this.#video!.volume = Math.min(1, session.gainCurve(next));
    if (this.withVideo && (this.rate < 0 || Math.abs(next - at_us) > session.clip.frame_us)) this.#seekVideo(next);
    this.#again();
  };

  #again(): void {
    this.#frame = requestAnimationFrame(this.#tick);
  }

  #onwards(at_us: number): number | null {
    const next = playsNext(this.session.ranges, at_us, this.#playing);
    if (!next) return null;
    this.#playing = next.index;
    return next.at_us;
  }

  #backwards(at_us: number): number | null {
    const { ranges } = this.session;
    if (at_us <= Math.min(...ranges.map((range) => range.start_us))) return null;
    if (rangeAt(ranges, at_us) >= 0) return at_us;
    return Math.max(...ranges.filter((range) => range.end_us <= at_us).map((range) => range.end_us)) - this.session.clip.frame_us;
  }

  #finish(): void {
    const { session } = this;
    const { frame_us } = session.clip;
    session.seek(this.rate > 0 ? session.ranges.at(-1)!.end_us - frame_us : Math.min(...session.ranges.map((range) => range.start_us)));
    this.stop();
  }
}
