import type { Asset, Edit } from "../../ipc";
import type { App } from "../../state/app.svelte";
import { Film } from "./film";
import { PlaybackSource } from "./playback.svelte";
import { Player } from "./player.svelte";
import { EditorSession } from "./session.svelte";
import { Still } from "./still.svelte";
import { gridOf, type Grid } from "./strip_grid";
import { TimelineView } from "./timeline_view.svelte";
import { Wave } from "./wave.svelte";

const film_height_px = 96;
const still_height_px = 720;

/** Everything that is on the table while one video is cut; small and large editor share it. */
export class EditorDesk {
  readonly session: EditorSession;
  readonly source: PlaybackSource;
  readonly player: Player;
  readonly view: TimelineView;
  readonly film: Film;
  readonly wave: Wave;
  readonly still: Still;
  /** Grows whenever pictures have come. */
  filmVersion = $state(0);
  #redraw = 0;

  constructor(app: App, asset: Asset, edit: Edit | null, onedit: (edit: Edit | null) => void) {
    this.session = new EditorSession(app, asset, edit, onedit);
    this.source = new PlaybackSource(app.host, asset.id);
    this.player = new Player(this.session, this.source);
    this.view = new TimelineView(this.session);
    this.wave = new Wave(app.host, asset.id, () => this.session.edit.sound.track);
    this.still = new Still(app.host, asset.id, still_height_px);
    this.film = new Film(app.strips, asset.id, film_height_px, () => {
      cancelAnimationFrame(this.#redraw);
      this.#redraw = requestAnimationFrame(() => (this.filmVersion += 1));
    });
  }

  close(): void {
    cancelAnimationFrame(this.#redraw);
    this.player.stop();
    this.source.close();
    this.film.close();
    this.wave.close();
    this.session.close();
  }

  /** The library knows more of the same asset. */
  take = (asset: Asset): void => {
    const former = this.session.asset;
    this.session.asset = asset;
    if (asset.preview_url === former.preview_url) return;
    this.player.stop();
    this.source.reload();
  };

  /** Width of a picture on a strip of this height. */
  pictureWidth = (strip_px: number): number => {
    const { width_px, height_px } = this.session.timeline ?? this.session.asset.media ?? { width_px: 9, height_px: 16 };
    return Math.max(18, (strip_px * width_px) / height_px);
  };

  gridFor = (strip_px: number): Grid => gridOf(this.view.scale, this.view.extent, this.pictureWidth(strip_px));

  retry = (strip_px: number): void => {
    void this.session.load();
    this.film.retry(this.gridFor(strip_px));
  };
}
