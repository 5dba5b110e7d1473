"""The road a person walks, once, in the real window. Started by `run`, on a bus and in a home of its own.

Every step prints its name; the first that fails ends the run with a screenshot and every log.
"""

import contextlib
import datetime
import hashlib
import pathlib
import shutil
import sys
import time
import traceback

from adding import FOOTAGE, drag_clip, every_clip_shows_its_picture, paste_clips, pick_clip
from app import CLI, PLATFORMS, SHOTS, App, by
from browser import Browser
from composing import ZONE, begin_post, compose, connect, edit_clip, play_clip, play_copy
from desktop import SCREEN, Desktop, free_port
from practice import Simulator
from telling import (
    click_leads_open_window,
    clicks_open_post_and_link,
    desktop_without_notifications,
    post_at_once,
    read_published,
    read_receipts,
    row_says,
    wait_for_tidings,
)
from webdriver import wait_until

CAPTION = "Somebody does not want to get up today"


class Flow:
    def __init__(self, scratch):
        self.scratch = scratch
        self.desktop = Desktop(scratch)
        self.started = time.monotonic()
        self.app = None

    @contextlib.contextmanager
    def step(self, name):
        began = time.monotonic()
        print(f"  {name} … ", end="", flush=True)
        yield
        print(f"{time.monotonic() - began:.1f} s", flush=True)

    def walk(self):
        with self.step("a desktop: display, window manager, open keyring, tray, browser"):
            self.desktop.start_x()
            self.desktop.unlock_keyring()
            self.tray = self.desktop.start_tray()
            self.browser = Browser(self.scratch)
        with self.step("the simulated platforms"):
            self.simulator = Simulator(self.desktop, CLI, free_port())
        app = self.app = App(self.desktop, self.tray, self.scratch, self.simulator.base)
        with self.step("the app starts and shows its window"):
            app.start()
        with self.step("a clip is dragged from the file manager onto the window"):
            self.clip = drag_clip(app)
        with self.step("a clip is picked in the native file dialog"):
            pick_clip(app)
        with self.step("files copied in the file manager are pasted"):
            paste_clips(app)
        for platform in PLATFORMS:
            with self.step(f"a practice account of {platform} is connected in the browser and shows its picture"):
                connect(app, self.browser, platform)
        with self.step("a ten-bit HEVC clip gets a copy when it is opened, and the copy plays"):
            play_copy(app)
        with self.step("the clip plays in the window"):
            begin_post(app, self.clip)
            play_clip(app)
        with self.step("the clip is cut in the editor, and the cut is taken back"):
            edit_clip(app)
        with self.step("a post for both is composed and scheduled"):
            due = compose(app, CAPTION)
        with self.step("the window is closed; the app stays, without a web process"):
            self.close_to_tray()
        self.wait_for_publication(due)
        with self.step("the desktop was told, once per publication"):
            wait_for_tidings(app, len(PLATFORMS))
        with self.step("a click on a notification opens the window on its post, the button opens the link"):
            clicks_open_post_and_link(app, self.browser, CAPTION)
        with self.step("the tray's menu opens the window; it says Published"):
            app.close_window()
            app.open_by_tray()
            read_published(app)
            app.shot("posts-light")
        with self.step("each destination has its link, and its attempts their log"):
            read_receipts(app)
        with self.step("a terminal posts beside the window; the notification leads the window there"):
            click_leads_open_window(app, self.clip)
        with self.step("on a desktop without notifications the window says what became of a post"):
            desktop_without_notifications(app, self.clip)
        with self.step("what was typed in the last moment before closing is there"):
            self.what_was_typed_last_survives()
        with self.step("a second start brings the window back and hands its file over"):
            self.start_again_with_a_file()
        with self.step("the tray's menu quits the app"):
            app.quit()
        with self.step("after a new start, in the dark and as a guest of a terminal, everything is still there"):
            self.start_as_guest(GTK_THEME="Adwaita:dark")
            read_published(app)
            app.shot("posts-dark")
            app.page.click(by("nav-library"))
            app.page.wait_for(by("asset-card"))
            every_clip_shows_its_picture(app)
            app.shot("library-dark")
        with self.step("the terminal is killed; the app takes the work over"):
            self.take_over()
            app.quit()

    def close_to_tray(self):
        self.app.close_window()
        assert self.app.is_running(), "the app ended with its window"

        def next_is_named():
            return any(text.startswith("Next:") for text in self.tray.entries().values())

        wait_until(next_is_named, 15, "the tray to name the next post")

    def wait_for_publication(self, due):
        wait_s = max(0, (due - datetime.datetime.now(ZONE)).total_seconds())
        with self.step(f"both posts go out at {due:%H:%M} ({wait_s:.0f} s from now), with the window closed"):
            for platform in PLATFORMS:
                self.simulator.wait_for("public", platform, int(wait_s) + 90)
            assert not self.desktop.web_processes(), "publishing opened a web view"
            ledger = self.simulator.ledger()
            assert sorted(entry["platform"] for entry in ledger) == sorted(PLATFORMS), ledger
            sent = hashlib.sha256(self.clip.read_bytes()).hexdigest()
            for entry in ledger:
                late_s = entry["received_real_ms"] / 1000 - due.timestamp()
                assert CAPTION in entry["text"], entry
                assert entry["public"] and entry["state"] == "published", entry
                assert 0 <= late_s < 30, f"{entry['platform']} was {late_s:.1f} s late"
                how = "the file itself" if entry["sha256"] == sent else "a converted file"
                print(f"{entry['platform']} {late_s:+.2f} s, {how}; ", end="")

    def what_was_typed_last_survives(self):
        page = self.app.page
        page.click(by("nav-posts"))
        page.click(by("new-post"))
        text = "typed in the last second"
        page.type_into(by("caption"), text)
        self.app.close_window()
        self.app.open_by_tray()
        page.click(by("nav-posts"))
        page.wait_for_text(text)

    def start_again_with_a_file(self):
        self.app.close_window()
        other = self.scratch / "home" / "second clip.mp4"
        shutil.copy(FOOTAGE, other)
        assert self.app.start_again(other.name, cwd=other.parent) == 0, "the second start did not end well"
        self.app.look_at_new_window()
        self.app.page.click(by("nav-library"))
        self.app.page.wait_for_text(other.name, 20)

    def start_as_guest(self, **environment):
        self.owner = self.desktop.start("owner", CLI, "run", environment=self.app.environment)
        said = self.desktop.logs / "owner.log"
        wait_until(lambda: "working in" in said.read_text(), 20, "the terminal to work")
        self.app.start(**environment)

    def take_over(self):
        self.owner.kill()
        self.owner.wait()
        owner_file = self.scratch / "daypart" / "daypart.lock"
        wait_until(lambda: "window" in owner_file.read_text(), 20, "the app to own the data folder")
        caption = "after the owner's death"
        self.app.page.click(by("nav-posts"))
        post_at_once(self.app, self.clip, caption)
        wait_until(lambda: row_says(self.app, caption, "Published"), 20, "the window to say Published")
        entries = [entry for entry in self.simulator.ledger() if caption in entry["text"]]
        assert len(entries) == 1, entries


def main():
    scratch = pathlib.Path(sys.argv[1])
    SHOTS.mkdir(parents=True, exist_ok=True)
    for old in SHOTS.glob("*.png"):
        old.unlink()
    flow = Flow(scratch)
    failed = False
    print(f"The real window, on a display of {SCREEN[0]}×{SCREEN[1]}:")
    try:
        flow.walk()
    except BaseException:
        failed = True
        print("FAILED")
        flow.desktop.screenshot(SHOTS / "failed.png")
        traceback.print_exc(file=sys.stdout)
        with contextlib.suppress(Exception):
            print("The page says:\n" + flow.app.page.text()[:3000])
    finally:
        flow.desktop.end()
    if failed:
        flow.desktop.dump_logs([scratch / "daypart" / "logs" / "daypart.log"])
        sys.exit(1)
    print(f"All steps passed in {time.monotonic() - flow.started:.0f} s; screenshots in {SHOTS}")


if __name__ == "__main__":
    main()
