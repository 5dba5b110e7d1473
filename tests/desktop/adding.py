"""Three ways of a clip into the library: dragged, picked, pasted."""

import pathlib
import shutil
import subprocess

from app import SHOTS, by
from hands import OUR_WINDOW, FileManager, Mouse, bring_to_front, geometry, is_there, output, place, press, window_is_gone, window_named
from webdriver import wait_until

FOOTAGE = pathlib.Path("/usr/share/forensics-samples/original-files/movie1/VID_20191220_170832.mp4")
DIALOG = "^Add files$"


def card(name):
    return f'{by("asset-card")}[aria-label="{name}"]'


def wait_for_card(app, name):
    """Measured, and with a picture."""
    app.page.wait_for(f'{card(name)}[data-state="ready"]', 20)
    app.page.wait_for(f"{card(name)} img", 20)


def every_clip_shows_its_picture(app):
    """On the screen, not only in the page: every measured clip's card has many colours."""
    for name in app.page.run(
        "return [...document.querySelectorAll(arguments[0])].map((card) => card.getAttribute('aria-label'))",
        f'{by("asset-card")}[data-state="ready"]',
    ):
        picture = f"{card(name)} .picture"
        app.page.run("document.querySelector(arguments[0]).scrollIntoView({ block: 'nearest' })", picture)
        wait_until(lambda picture=picture: app.look_at(picture)[0] > 1000, 10, f"the picture of “{name}”")
    app.page.run("document.querySelector(arguments[0]).scrollIntoView({ block: 'nearest' })", by("asset-card"))


def drag_clip(app):
    """Drags real footage from the file manager onto the window. Answers the clip."""
    folder = app.scratch / "home" / "Clips"
    folder.mkdir()
    clip = folder / "Müde, aber glücklich.mp4"
    # Three times in a row: TikTok takes nothing under three seconds.
    looped = ("-stream_loop", "2", "-i", FOOTAGE, "-c", "copy", "-map_metadata", "-1", "-movflags", "+faststart")
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", *looped, clip], check=True)
    app.page.click(by("nav-library"))
    app.shot("library-empty-light")
    files = FileManager(app.desktop, folder, app.scratch)
    place(files.window, 10, 40, 440, 420)
    icon = files.only_icon()
    left, top, width, height = geometry(window_named(OUR_WINDOW))

    def page_shows_that_it_would_take_it():
        app.page.wait_for(by("drop-overlay"), 10)
        app.desktop.screenshot(SHOTS / "drag-over.png")

    Mouse().drag(icon, (left + width // 2, top + height // 2), page_shows_that_it_would_take_it)
    wait_for_card(app, clip.name)
    files.close()
    return clip


def pick_clip(app):
    """Chooses a file in the native dialog. Closing the dialog without a choice is no error and adds nothing."""
    clip = app.scratch / "home" / "picked clip.mp4"
    shutil.copy(FOOTAGE, clip)
    app.page.click(by("nav-library"))
    before = len(app.page.find_all(by("asset-card")))
    app.page.click(by("add-videos"))
    bring_to_front(window_named(DIALOG))
    press("Escape")
    window_is_gone(DIALOG)
    assert len(app.page.find_all(by("asset-card"))) == before, "closing the dialog added something"

    app.page.click(by("add-videos"))
    bring_to_front(window_named(DIALOG))
    # GTK's own key for typing a path.
    press("ctrl+l")
    output("xdotool", "type", "--delay", "5", clip)
    app.desktop.screenshot(SHOTS / "file-dialog.png")

    def confirmed():
        """While the dialog still reads the folder it does not take the key."""
        if is_there(DIALOG):
            press("Return")
        return not is_there(DIALOG)

    wait_until(confirmed, 20, "the dialog to take the file", every_s=1)
    wait_for_card(app, clip.name)


def paste_clips(app):
    """Copies two files in the file manager and pastes them: a clip, and one that only wears a clip's name."""
    folder = app.scratch / "home" / "Copied"
    folder.mkdir()
    clip, no_clip = folder / "copied & pasted, 100%.mp4", folder / "a letter.mp4"
    shutil.copy(FOOTAGE, clip)
    no_clip.write_text("Dear Ada,\n")
    files = FileManager(app.desktop, folder, app.scratch)
    place(files.window, 10, 40, 440, 420)
    files.copy_everything()
    app.page.click(by("nav-library"))
    bring_to_front(window_named(OUR_WINDOW))
    press("ctrl+v")
    wait_for_card(app, clip.name)
    app.page.wait_for_text(no_clip.name, 20)
    wait = f'{card(no_clip.name)}[data-state="refused"], {by("refusal")}'
    app.page.wait_for(wait, 20)
    every_clip_shows_its_picture(app)
    app.shot("library-light")
    files.close()
