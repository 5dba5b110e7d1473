"""A real drag with the mouse on the X server, from a window of the file manager onto ours."""

import re
import subprocess
import time

from webdriver import wait_until


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def window_named(pattern, timeout_s=20):
    """The X window whose title matches, as wmctrl knows it."""

    def found():
        for line in output("wmctrl", "-l").splitlines():
            number, _, _, title = (line.split(None, 3) + [""])[:4]
            if re.search(pattern, title):
                return number
        return None

    return wait_until(found, timeout_s, f"a window titled {pattern}")


def window_is_gone(pattern, timeout_s=20):
    def gone():
        return not any(re.search(pattern, (line.split(None, 3) + [""])[3]) for line in output("wmctrl", "-l").splitlines())

    wait_until(gone, timeout_s, f"the window titled {pattern} to close")


def place(window, left, top, width, height):
    subprocess.run(["wmctrl", "-i", "-r", window, "-e", f"0,{left},{top},{width},{height}"], check=True)


def raise_window(window):
    subprocess.run(["wmctrl", "-i", "-a", window], check=True)


def geometry(window):
    """Left, top, width and height of the window's inside, in pixels of the screen."""
    text = output("xwininfo", "-id", window)
    return tuple(
        int(re.search(rf"{label}:\s+(-?\d+)", text).group(1))
        for label in ("Absolute upper-left X", "Absolute upper-left Y", "Width", "Height")
    )


class Mouse:
    """GTK starts a drag only after real movement, and asks the target again at every step: so the pointer travels."""

    STEP_S = 0.03

    def _do(self, *arguments):
        subprocess.run(["xdotool", *map(str, arguments)], check=True)

    def drag(self, start, end, while_over=None):
        """Drags from `start` to `end`. `while_over` is called while the button is still down over the target."""
        (x0, y0), (x1, y1) = start, end
        self._do("mousemove", x0, y0)
        self._do("mousedown", 1)
        steps = 20
        for step in range(1, steps + 1):
            self._do("mousemove", x0 + (x1 - x0) * step // steps, y0 + (y1 - y0) * step // steps)
            time.sleep(self.STEP_S)
        self._do("mousemove", x1 + 2, y1 + 1)
        if while_over:
            while_over()
        self._do("mousemove", x1 + 3, y1 + 2)
        time.sleep(self.STEP_S)
        self._do("mouseup", 1)
