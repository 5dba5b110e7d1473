"""Windows, mouse and keys of the X server, and the file manager that clips are dragged and copied from."""

import re
import subprocess
import time

from webdriver import wait_until

OUR_WINDOW = "^Daypart$"


def output(*command):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, check=True).stdout


def windows():
    """Every window of the X server as (number, title)."""
    lines = (line.split(None, 3) for line in output("wmctrl", "-l").splitlines())
    return [(words[0], words[3] if len(words) > 3 else "") for words in lines]


def window_named(pattern, timeout_s=20):
    def found():
        return next((number for number, title in windows() if re.search(pattern, title)), None)

    return wait_until(found, timeout_s, f"a window titled {pattern}")


def is_there(pattern):
    return any(re.search(pattern, title) for _, title in windows())


def window_is_gone(pattern, timeout_s=20):
    wait_until(lambda: not is_there(pattern), timeout_s, f"the window titled {pattern} to close")


def place(window, left, top, width, height):
    output("wmctrl", "-i", "-r", window, "-e", f"0,{left},{top},{width},{height}")
    wait_until(lambda: geometry(window)[2:] == (width, height), 5, "the window to take its place")


def active_window():
    """The number of the window in front; None while there is none, as in the moment between two windows."""
    answer = subprocess.run(["xdotool", "getactivewindow"], capture_output=True, text=True, check=False)
    return int(answer.stdout) if answer.returncode == 0 else None


def bring_to_front(window):
    def is_in_front():
        """Asked for again each time: a window manager may drop the wish of a window that it is just mapping."""
        output("wmctrl", "-i", "-a", window)
        return active_window() == int(window, 16)

    wait_until(is_in_front, 20, "the window in front")


def press(*keys):
    """Keys as xdotool names them, for the window in front."""
    output("xdotool", "key", "--clearmodifiers", *keys)


def close(window):
    """As the button in the window's corner does."""
    output("wmctrl", "-i", "-c", window)


def geometry(window):
    """Left, top, width and height of the window's inside, in pixels of the screen."""
    text = output("xwininfo", "-id", window)
    labels = ("Absolute upper-left X", "Absolute upper-left Y", "Width", "Height")
    return tuple(int(re.search(rf"{label}:\s+(-?\d+)", text).group(1)) for label in labels)


class FileManager:
    """pcmanfm, showing one folder."""

    def __init__(self, desktop, folder, scratch):
        settings = scratch / "config" / "pcmanfm" / "default"
        settings.mkdir(parents=True, exist_ok=True)
        (settings / "pcmanfm.conf").write_text("[ui]\nside_pane_mode=hidden;\nview_mode=icon\nshow_statusbar=0\n")
        self.shots = scratch / "drag"
        self.shots.mkdir(exist_ok=True)
        self.process = desktop.start("file-manager", "pcmanfm", folder)
        self.window = window_named(f"^{re.escape(folder.name)}$")

    def only_icon(self):
        """The middle of the only file's picture: selecting it changes exactly those pixels."""
        self._come_to_front()
        before, after = self.shots / "before.png", self.shots / "after.png"
        output("import", "-window", self.window, before)

        def selected():
            press("ctrl+a")
            output("import", "-window", self.window, after)
            difference = ("-compose", "difference", "-composite", "-threshold", "5%", "-trim")
            box = output("convert", before, after, *difference, "-format", "%wx%h%O", "info:")
            width, height, left, top = (int(number) for number in re.findall(r"\d+", box))
            is_icon = 20 < width < 300 and 20 < height < 300
            return (left + width // 2, top + height // 4) if is_icon else None

        x, y = wait_until(selected, 10, "the file to be selected", every_s=0.3)
        left, top, _, _ = geometry(self.window)
        return left + x, top + y

    def copy_everything(self):
        """Selects all files and copies them, by the keys."""
        self._come_to_front()
        press("ctrl+a", "ctrl+c")

    def close(self):
        close(self.window)
        self.process.wait(timeout=10)

    def _come_to_front(self):
        bring_to_front(self.window)
        wait_until(self._is_settled, 10, "the file manager to show its folder")

    def _is_settled(self):
        """Nothing in the window changes any more: the folder is read and its pictures are drawn."""
        first, second = self.shots / "first.png", self.shots / "second.png"
        output("import", "-window", self.window, first)
        time.sleep(0.4)
        output("import", "-window", self.window, second)
        difference = ("-compose", "difference", "-composite", "-format", "%[fx:maxima]", "info:")
        return float(output("convert", first, second, *difference)) == 0


class Mouse:
    """GTK starts a drag only after real movement, and asks the target again at every step: so the pointer travels."""

    STEP_S = 0.03
    STEPS = 20

    def _do(self, *arguments):
        output("xdotool", *arguments)

    def drag(self, start, end, while_over):
        """Drags from `start` to `end`. `while_over` is called while the button is still down over the target."""
        (x0, y0), (x1, y1) = start, end
        self._do("mousemove", x0, y0)
        self._do("mousedown", 1)
        for step in range(1, self.STEPS + 1):
            self._do("mousemove", x0 + (x1 - x0) * step // self.STEPS, y0 + (y1 - y0) * step // self.STEPS)
            time.sleep(self.STEP_S)
        self._do("mousemove", x1 + 2, y1 + 1)
        while_over()
        self._do("mousemove", x1 + 3, y1 + 2)
        time.sleep(self.STEP_S)
        self._do("mouseup", 1)
