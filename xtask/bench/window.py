"""Measures the window from outside: first paint, memory open and in the tray, processor time in the tray.

Started by `cargo xtask bench` on a bus and in a home of its own. Uses the desktop of the window test.
"""

import json
import os
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tests" / "desktop"))

from desktop import Desktop, children_of  # noqa: E402
from hands import OUR_WINDOW, close, geometry, window_is_gone, window_named  # noqa: E402
from webdriver import wait_until  # noqa: E402

APP = os.environ["DAYPART_DESKTOP_BIN"]
FOLDER = pathlib.Path(os.environ["DAYPART_BENCH_FOLDER"])
STARTS = 5
IDLE_S = 30
LOOK_EVERY_S = 0.02


def screen_colors():
    """How many colours the middle of the screen shows, on a coarse grid."""
    import gi

    gi.require_version("Gdk", "3.0")
    from gi.repository import Gdk

    root = Gdk.get_default_root_window()
    picture = Gdk.pixbuf_get_from_window(root, 0, 0, root.get_width(), root.get_height())
    data, row, channels = picture.get_pixels(), picture.get_rowstride(), picture.get_n_channels()
    spots = ((x, y) for y in range(0, picture.get_height(), 8) for x in range(0, picture.get_width(), 8))
    return len({data[y * row + x * channels : y * row + x * channels + 3] for x, y in spots})


def start(desktop, number):
    environment = {"DAYPART_DATA_DIR": str(FOLDER / f"daypart-{number}"), "DAYPART_BROWSER": "none"}
    return desktop.start("app", APP, environment=environment)


def first_paint_ms(desktop, number):
    """From the start of the process to the first picture with more than a frame and an empty page."""
    empty = screen_colors()
    began = time.monotonic()
    app = start(desktop, number)
    while screen_colors() < empty + 12:
        if time.monotonic() - began > 60 or app.poll() is not None:
            raise AssertionError("nothing was painted; see app.log")
        time.sleep(LOOK_EVERY_S)
    return (time.monotonic() - began) * 1000, app


def ours(app):
    """The app and everything it started, web processes included."""
    return [app.pid, *(pid for pid in children_of(os.getpid()) if pid in children_of(app.pid))]


def pss_mb(app):
    total_kb = 0
    for pid in ours(app):
        try:
            rollup = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        total_kb += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return total_kb * 1024 / 1e6


def processor_ms(app):
    ticks = 0
    for pid in ours(app):
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks * 1000 / os.sysconf("SC_CLK_TCK")


def end(app):
    app.terminate()
    app.wait(timeout=20)


def measure(desktop):
    paints = []
    for number in range(STARTS):
        paint, app = first_paint_ms(desktop, number)
        paints.append(paint)
        if number + 1 < STARTS:
            end(app)
    window_named(OUR_WINDOW)
    geometry(window_named(OUR_WINDOW))
    time.sleep(5)
    opened = pss_mb(app)
    close(window_named(OUR_WINDOW))
    window_is_gone(OUR_WINDOW)
    wait_until(lambda: not desktop.web_processes(), 15, "the web process to end")
    time.sleep(5)
    closed = pss_mb(app)
    before = processor_ms(app)
    time.sleep(IDLE_S)
    idle = processor_ms(app) - before
    end(app)
    row = lambda name, figure, reference, unit, command: {  # noqa: E731
        "name": name, "ours": figure, "reference": reference, "unit": unit, "command": command,
    }
    start_words = "daypart-desktop on Xvfb with openbox; start of the process to the first painted page, by looking every 20 ms"
    return [
        row(f"start to first paint, new data folder, median of {STARTS}", sorted(paints)[STARTS // 2], None, "ms", start_words),
        row("proportional memory of all processes, window open", opened, None, "MB", "sum of Pss, 5 s after the first paint"),
        row("the same, closed to the tray (reference: open)", closed, opened, "MB", "sum of Pss, 5 s after closing"),
        row(f"processor time in the tray during {IDLE_S} s", idle, None, "ms", "utime + stime of all processes"),
    ]


def main():
    desktop = Desktop(FOLDER)
    try:
        desktop.start_x()
        desktop.unlock_keyring()
        desktop.start_tray()
        rows = measure(desktop)
        pathlib.Path(os.environ["DAYPART_BENCH_OUT"]).write_text(json.dumps(rows))
    except BaseException:
        desktop.dump_logs([])
        raise
    finally:
        desktop.end()


main()
