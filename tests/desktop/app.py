"""The compiled app on its desktop: started, looked at, closed to the tray, quit."""

import os
import pathlib
import subprocess

from hands import OUR_WINDOW, close, output, place, window_is_gone, window_named
from webdriver import WebDriver, wait_until

APP = os.environ["DAYPART_DESKTOP_BIN"]
CLI = os.environ["DAYPART_CLI_BIN"]
SHOTS = pathlib.Path(os.environ["DAYPART_SHOTS"])
PLATFORMS = ("tiktok", "youtube")


def by(test_id):
    return f'[data-testid="{test_id}"]'


class App:
    """`page` is the driver of the window's page while there is a window."""

    def __init__(self, desktop, tray, scratch, practice_url):
        self.desktop, self.tray, self.scratch = desktop, tray, scratch
        self.environment = {"DAYPART_DATA_DIR": str(scratch / "daypart"), "DAYPART_PRACTICE_URL": practice_url}
        self.page = None

    def start(self, **environment):
        self.page = WebDriver(self.desktop.start_driver(self.environment | environment))
        self.page.start(APP)
        place(window_named(OUR_WINDOW), 480, 40, 1180, 780)
        self.page.wait_for(by("nav-library"))

    def start_again(self, *words, **more):
        """Starts the program once more, as a person does who does not know that it runs; answers its exit code."""
        return self.desktop.start("second-start", APP, *words, environment=self.environment, **more).wait(timeout=20)

    def look_at_new_window(self):
        window_named(OUR_WINDOW)
        self.page.look_at(wait_until(self.page.windows, 15, "the page of the new window")[0])
        self.page.wait_for(by("nav-library"))

    def open_by_tray(self):
        self.tray.click("Open Daypart")
        self.look_at_new_window()

    def close_window(self):
        close(window_named(OUR_WINDOW))
        window_is_gone(OUR_WINDOW)
        wait_until(lambda: not self.desktop.web_processes(), 15, "the web process to end")

    def is_running(self):
        return any(command.split(" ")[0] == APP for command in self.desktop.commands())

    def quit(self):
        self.tray.click("Quit Daypart")
        wait_until(lambda: not self.is_running(), 20, "the app to end")

    def shot(self, name):
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.page.wait_for_paint()
        # Of the X server and not of the driver: what a person sees.
        self.desktop.screenshot(SHOTS / f"{name}.png", window_named(OUR_WINDOW))

    def look_at(self, selector):
        """What the screen shows of the page's element: how many colours, and a mark that is the same for the same picture."""
        rectangle = "const box = document.querySelector(arguments[0]).getBoundingClientRect(); return [box.width, box.height, box.x, box.y]"
        width, height, left, top = (round(number) for number in self.page.run(rectangle, selector))
        whole = self.scratch / "look.png"
        self.desktop.screenshot(whole, window_named(OUR_WINDOW))
        colours, mark = output("convert", whole, "-crop", f"{width}x{height}+{left}+{top}", "-format", "%k %#", "info:").split()
        return int(colours), mark

    def address(self):
        """Where in the window one is."""
        return self.page.run("return location.hash")

    def log(self):
        return (self.scratch / "daypart" / "logs" / "daypart.log").read_text()

    def terminal(self, *words):
        """Runs `daypart` on the same data folder to its end; answers what it said."""
        command = [CLI, *(str(word) for word in words)]
        environment = self.desktop.environment | self.environment
        ended = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=90, check=False)
        assert ended.returncode == 0, f"daypart {words[0]} ended with {ended.returncode}: {ended.stderr}"
        return ended.stdout
