"""The road a person walks, once, in the real window. Started by `run`, on a bus and in a home of its own.

Every step prints its name; the first that fails ends the run with a screenshot and every log.
"""

import contextlib
import datetime
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import time
import traceback
import zoneinfo

from desktop import SCREEN, Desktop, free_port
from drag import OUR_WINDOW, FileManager, Mouse, close, geometry, place, window_is_gone, window_named
from practice import Simulator, consent
from webdriver import WebDriver, wait_until

APP = os.environ["DAYPART_DESKTOP_BIN"]
CLI = os.environ["DAYPART_CLI_BIN"]
SHOTS = pathlib.Path(os.environ["DAYPART_SHOTS"])
FOOTAGE = pathlib.Path("/usr/share/forensics-samples/original-files/movie1/VID_20191220_170832.mp4")
ZONE = zoneinfo.ZoneInfo(os.environ["TZ"])
PLATFORMS = ("tiktok", "youtube")
CAPTION = "Somebody does not want to get up today"
# The composer takes times to the minute. This much must be left when the time is typed.
AHEAD_S = 20


def by(test_id):
    return f'[data-testid="{test_id}"]'


class Flow:
    def __init__(self, scratch):
        self.scratch = scratch
        self.desktop = Desktop(scratch)
        self.started = time.monotonic()
        self.browser = None

    @contextlib.contextmanager
    def step(self, name):
        began = time.monotonic()
        print(f"  {name} … ", end="", flush=True)
        yield
        print(f"{time.monotonic() - began:.1f} s", flush=True)

    def walk(self):
        with self.step("a desktop: display, window manager, open keyring, tray"):
            self.desktop.start_x()
            self.desktop.unlock_keyring()
            self.tray = self.desktop.start_tray()
        with self.step("the simulated platforms"):
            self.simulator = Simulator(self.desktop, CLI, free_port())
        with self.step("the app starts and shows its window"):
            self.open_app({})
            place(window_named(OUR_WINDOW), 480, 40, 1180, 780)
        with self.step("a clip is dragged from the file manager onto the window"):
            self.drop_clip()
        for platform in PLATFORMS:
            with self.step(f"a practice account of {platform} is connected"):
                self.connect(platform)
        with self.step("a post for both is composed and scheduled"):
            due = self.compose()
        with self.step("the window is closed; the app stays, without a web process"):
            self.close_to_tray()
        self.wait_for_publication(due)
        with self.step("the desktop was told, once per publication"):
            self.tidings_arrived()
        with self.step("the tray's menu opens the window; it says Published"):
            self.tray.click("Open Daypart")
            self.look_at_new_window()
            self.read_published()
            self.shot("posts-light")
        with self.step("each destination has its link, and its attempts their log"):
            self.read_receipts()
        with self.step("what was typed in the last moment before closing is there"):
            self.what_was_typed_last_survives()
        with self.step("a second start brings the window back and hands its file over"):
            self.start_again_with_a_file()
        with self.step("the tray's menu quits the app"):
            self.quit_app()
        with self.step("after a new start, in the dark, everything is still there"):
            self.open_app({"GTK_THEME": "Adwaita:dark"})
            place(window_named(OUR_WINDOW), 480, 40, 1180, 780)
            self.read_published()
            self.shot("posts-dark")
            self.browser.click(by("nav-library"))
            self.browser.wait_for(by("asset-card"))
            self.shot("library-dark")
            self.quit_app()

    def open_app(self, environment):
        port = self.desktop.start_driver(
            {
                "DAYPART_DATA_DIR": str(self.scratch / "daypart"),
                "DAYPART_PRACTICE_URL": self.simulator.base,
                "DAYPART_BROWSER": "none",
                **environment,
            }
        )
        self.browser = WebDriver(port)
        self.browser.start(APP)
        window_named(OUR_WINDOW)
        self.browser.wait_for(by("nav-library"))

    def look_at_new_window(self):
        window_named(OUR_WINDOW)
        self.browser.look_at(wait_until(self.browser.windows, 15, "the page of the new window")[0])
        self.browser.wait_for(by("nav-library"))

    def shot(self, name):
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.browser.wait_for_paint()
        # Of the X server and not of the driver: what a person sees.
        self.desktop.screenshot(SHOTS / f"{name}.png", window_named(OUR_WINDOW))

    def drop_clip(self):
        folder = self.scratch / "home" / "Clips"
        folder.mkdir()
        self.clip = folder / "Müde, aber glücklich.mp4"
        # Real footage, three times in a row: TikTok takes nothing under three seconds.
        looped = ("-stream_loop", "2", "-i", FOOTAGE, "-c", "copy", "-map_metadata", "-1", "-movflags", "+faststart")
        subprocess.run(["ffmpeg", "-nostdin", "-v", "error", *looped, self.clip], check=True)
        self.browser.click(by("nav-library"))
        self.shot("library-empty-light")
        files = FileManager(self.desktop, folder, self.scratch)
        place(files.window, 10, 40, 440, 420)
        icon = files.only_icon()
        left, top, width, height = geometry(window_named(OUR_WINDOW))

        def page_shows_that_it_would_take_it():
            self.browser.wait_for(by("drop-overlay"), 10)
            self.desktop.screenshot(SHOTS / "drag-over.png")

        Mouse().drag(icon, (left + width // 2, top + height // 2), page_shows_that_it_would_take_it)
        self.browser.wait_for(f'{by("asset-card")}[data-state="ready"]', 20)
        self.browser.wait_for_text(self.clip.name)
        self.browser.wait_for(f'{by("asset-card")} img')
        self.shot("library-light")
        close(files.window)

    def connect(self, platform):
        self.browser.click(by("nav-accounts"))
        self.browser.click(by(f"connect-practice-{platform}"))

        def authorize_url():
            waiting = self.browser.wait_for(by("connect-waiting"))
            return self.browser.attribute(waiting, "data-authorize-url")

        consent(wait_until(authorize_url, 15, "the address of the consent page"))
        self.browser.wait_for(by(f"account-practice-{platform}"), 20)
        self.shot(f"accounts-{platform}-light")

    def compose(self):
        self.browser.click(by("nav-library"))
        self.browser.click(by("asset-use"))
        self.browser.wait_for(by("composer"))
        self.browser.type_into(by("caption"), CAPTION)
        for platform in PLATFORMS:
            box = by(f"destination-practice-{platform}")
            self.browser.wait_for(box)
            if not self.browser.run("return document.querySelector(arguments[0]).checked", box):
                self.browser.click(box)
        self.answer_required_options()
        # A toast may lie over the button.
        wait_until(lambda: not self.browser.find_all(by("toast")), 20, "the toasts to go")
        due = self.next_minute()
        self.browser.type_into(by("schedule-date"), due.strftime("%Y-%m-%d"))
        self.browser.type_into(by("schedule-time"), due.strftime("%H:%M"))
        self.browser.click("h1, h2")
        self.browser.run("document.querySelector(arguments[0]).scrollIntoView({ block: 'center' })", by("caption"))
        self.shot("composer-light")
        self.browser.click(by("schedule"))
        wait_until(lambda: self.states() == ["scheduled"] * 2 or self.has_left_draft(), 20, "both publications to be planned")
        self.shot("scheduled-light")
        return due

    def next_minute(self):
        """The next whole minute that leaves a person the time to press Schedule."""
        at = datetime.datetime.now(ZONE) + datetime.timedelta(seconds=AHEAD_S)
        return at.replace(second=0, microsecond=0) + datetime.timedelta(minutes=1)

    def answer_required_options(self):
        """What has no default is chosen: the first thing each list offers to everybody."""
        for select, wanted in (
            ('select[data-testid^="option-tiktok-"]', "PUBLIC_TO_EVERYONE"),
            ('select[data-testid="option-youtube-visibility"]', "public"),
            ('select[data-testid="option-youtube-made_for_kids"]', "no"),
        ):
            self.browser.click(f'{select} option[value="{wanted}"]')

    def states(self):
        found = [self.browser.text(by(f"publication-status-{platform}")).lower() for platform in PLATFORMS]
        return [text for text in found if text]

    def has_left_draft(self):
        states = self.states()
        return len(states) == len(PLATFORMS) and not any("draft" in text for text in states)

    def close_window(self):
        close(window_named(OUR_WINDOW))
        window_is_gone(OUR_WINDOW)
        wait_until(lambda: not self.desktop.web_processes(), 15, "the web process to end")

    def close_to_tray(self):
        self.close_window()
        assert self.app_is_running(), "the app ended with its window"
        wait_until(lambda: any(text.startswith("Next:") for text in self.tray.entries().values()), 15, "the tray to name the next post")

    def app_is_running(self):
        return any(command.split(" ")[0] == APP for command in self.desktop.commands())

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

    def tidings_arrived(self):
        def all_told():
            told = [title for title, _ in self.tray.notifications() if title == "Practice: Published"]
            return len(told) == len(PLATFORMS)

        wait_until(all_told, 20, "a notification per publication")

    def read_published(self):
        self.browser.click(by("nav-posts"))
        for platform in PLATFORMS:
            status = by(f"publication-status-{platform}")
            wait_until(lambda: "Published" in self.browser.text(status), 20, f"{platform} to be shown as Published")

    def read_receipts(self):
        """Time and link per destination, and what the attempts wrote down."""
        self.browser.click(f'{by("post-row")} button')
        for platform in PLATFORMS:
            self.browser.wait_for(by(f"publication-link-{platform}"))
        self.browser.click(by("publication-log-toggle"))
        self.browser.wait_for_text("upload", 10, by("publication-log"))
        self.shot("post-published-light")

    def what_was_typed_last_survives(self):
        self.browser.click(by("nav-posts"))
        self.browser.click(by("new-post"))
        text = "typed in the last second"
        self.browser.type_into(by("caption"), text)
        self.close_window()
        self.tray.click("Open Daypart")
        self.look_at_new_window()
        self.browser.click(by("nav-posts"))
        self.browser.wait_for_text(text)

    def start_again_with_a_file(self):
        self.close_window()
        other = self.scratch / "home" / "second clip.mp4"
        shutil.copy(FOOTAGE, other)
        again = self.desktop.start("second-start", APP, other.name, cwd=other.parent, environment={"DAYPART_DATA_DIR": str(self.scratch / "daypart")})
        assert again.wait(timeout=20) == 0, "the second start did not end by itself"
        self.look_at_new_window()
        self.browser.click(by("nav-library"))
        self.browser.wait_for_text(other.name, 20)

    def quit_app(self):
        self.tray.click("Quit Daypart")
        wait_until(lambda: not self.app_is_running(), 20, "the app to end")


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
            print("The page says:\n" + flow.browser.text()[:3000])
    finally:
        flow.desktop.end()
    if failed:
        flow.desktop.dump_logs([scratch / "daypart" / "logs" / "daypart.log"])
        sys.exit(1)
    print(f"All steps passed in {time.monotonic() - flow.started:.0f} s; screenshots in {SHOTS}")


if __name__ == "__main__":
    main()
