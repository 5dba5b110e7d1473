"""A desktop of its own for one run: X server, window manager, unlocked keyring, tray, and an end in which nothing survives."""

import ctypes
import os
import pathlib
import signal
import socket
import subprocess
import time

from tray import Tray
from webdriver import wait_until

SCREEN = (1680, 1000)
DRIVER = "/usr/bin/WebKitWebDriver"
PR_SET_CHILD_SUBREAPER = 36


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    except OSError:
        return False


def children_of(ancestor):
    """Every living descendant as (process id, command line)."""
    parents, names = {}, {}
    for folder in pathlib.Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            stat = (folder / "stat").read_text()
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except OSError:
            continue
        state, parent = stat.rsplit(")", 1)[1].split()[:2]
        if state != "Z":
            parents[int(folder.name)], names[int(folder.name)] = int(parent), command
    found, wave = {}, {ancestor}
    while wave:
        wave = {pid for pid, parent in parents.items() if parent in wave and pid not in found}
        found.update({pid: names[pid] for pid in wave})
    return found


class Desktop:
    """Everything that was started is a descendant of this process, orphans included, so that it can be ended."""

    def __init__(self, scratch):
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        self.logs = pathlib.Path(scratch) / "logs"
        self.logs.mkdir(parents=True, exist_ok=True)
        self.environment = dict(os.environ)

    def start(self, name, *command, **more):
        """Starts a program whose output goes to the log of that name."""
        log = open(self.logs / f"{name}.log", "ab")
        return subprocess.Popen(
            [str(word) for word in command],
            stdout=more.pop("stdout", log),
            stderr=log,
            stdin=more.pop("stdin", subprocess.DEVNULL),
            env=self.environment | more.pop("environment", {}),
            **more,
        )

    def start_x(self):
        reader, writer = os.pipe()
        width, height = SCREEN
        self.start(
            "xvfb",
            *("Xvfb", "-displayfd", writer, "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp", "-noreset"),
            pass_fds=(writer,),
        )
        os.close(writer)
        number = os.read(reader, 16).decode().strip()
        if not number:
            raise AssertionError("the X server did not start; see xvfb.log")
        os.environ["DISPLAY"] = self.environment["DISPLAY"] = f":{number}"
        self.environment.pop("WAYLAND_DISPLAY", None)
        self.start("openbox", "openbox")
        wait_until(self._window_manager_answers, 15, "the window manager")

    def _window_manager_answers(self):
        asked = subprocess.run(["wmctrl", "-m"], capture_output=True, env=self.environment, check=False)
        return asked.returncode == 0

    def unlock_keyring(self):
        """An empty keyring with a password, open: as after a person's login."""
        keyring = self.start(
            "keyring",
            *("gnome-keyring-daemon", "--unlock", "--components=secrets"),
            stdin=subprocess.PIPE,
        )
        # It forks as soon as the keyring is open.
        keyring.communicate(b"a password of the test", timeout=15)
        wait_until(self._keyring_is_open, 15, "the keyring to open")

    def _keyring_is_open(self):
        asked = subprocess.run(
            ["secret-tool", "store", "--label=probe", "daypart-test", "probe"],
            input=b"probe", capture_output=True, env=self.environment, timeout=5, check=False,
        )
        return asked.returncode == 0

    def start_tray(self):
        watcher = pathlib.Path(__file__).with_name("watcher.py")
        self.start("tray", "/usr/bin/python3", watcher)
        tray = Tray()
        wait_until(tray.is_there, 15, "the tray")
        return tray

    def start_driver(self, environment):
        """WebKitGTK's own driver; the app inherits `environment` from it."""
        port = free_port()
        # What tauri-driver adds to it is this variable. It also adds a proxy that now and then drops an answer.
        automation = {"TAURI_WEBVIEW_AUTOMATION": "true"}
        self.start("driver", DRIVER, f"--port={port}", "--host=127.0.0.1", environment=automation | environment)
        wait_until(lambda: answers(port), 15, "the WebDriver")
        return port

    def commands(self):
        """The command lines of everything that runs here."""
        return list(children_of(os.getpid()).values())

    def web_processes(self):
        """The web views' processes among our descendants."""
        return {pid: name for pid, name in children_of(os.getpid()).items() if "WebKitWebProcess" in name}

    def screenshot(self, path, window="root"):
        subprocess.run(["import", "-window", window, str(path)], env=self.environment, check=False, timeout=20)

    def dump_logs(self, more):
        """Prints the end of every log, for a run whose machine is gone when somebody reads about it."""
        for log in [*sorted(self.logs.glob("*.log")), *more]:
            if log.exists() and log.stat().st_size:
                print(f"---- {log.name}")
                print(log.read_text(errors="replace")[-6000:])

    def end(self):
        """Ends every descendant, the youngest generation's orphans included."""
        for number, patience_s in ((signal.SIGTERM, 5), (signal.SIGKILL, 5)):
            deadline = time.monotonic() + patience_s
            while alive := children_of(os.getpid()):
                for pid in alive:
                    try:
                        os.kill(pid, number)
                    except ProcessLookupError:
                        pass
                _reap()
                if time.monotonic() > deadline:
                    break
                time.sleep(0.1)


def _reap():
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass
