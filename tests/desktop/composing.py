"""Accounts, and a post from the first word to its time."""

import datetime
import os
import subprocess
import zoneinfo

from adding import FOOTAGE, card, wait_for_card
from app import PLATFORMS, by
from practice import consent
from webdriver import wait_until

ZONE = zoneinfo.ZoneInfo(os.environ["TZ"])
# The composer takes times to the minute. This much must be left when the time is typed.
AHEAD_S = 20


def connect(app, browser, platform):
    """Connects a practice account: the app sends the browser to the consent page, the person allows it there."""
    app.page.click(by("nav-accounts"))
    app.page.click(by(f"connect-practice-{platform}"))

    def address_in_browser():
        """The one that the window offers for copying too."""
        shown = app.page.attribute(app.page.wait_for(by("connect-waiting")), "data-authorize-url")
        return shown in browser.opened() and shown

    consent(wait_until(address_in_browser, 15, "the browser to be sent to the consent page"))
    row = by(f"account-practice-{platform}")
    app.page.wait_for(row, 20)

    def picture_is_shown():
        script = """const picture = document.querySelector(arguments[0] + ' img');
            return picture?.complete && picture.naturalWidth > 0 && picture.src"""
        return app.page.run(script, row)

    # By way of the app itself: the page may not talk to the platform.
    assert "/picture/" in wait_until(picture_is_shown, 15, "the account's picture")
    app.shot(f"accounts-{platform}-light")


def begin_post(app, clip):
    app.page.click(by("nav-library"))
    app.page.click(f'{card(clip.name)} {by("asset-use")}')
    app.page.wait_for(by("composer"))


def play_clip(app):
    """Plays the post's clip in the window: its time goes on, and moving pictures are on the screen."""
    app.page.click(by("editor-action-play"))

    def playing():
        script = "const video = document.querySelector('video'); return [video.currentTime, video.videoWidth, video.paused]"
        return app.page.run(script)

    times_s, rests = [], []

    def plays_on():
        now_s, width_px, paused = playing()
        if paused:
            # A short clip may have come to its end between two looks; then it is played once more.
            rests.append(now_s)
            if len(rests) > 5:
                rests.clear()
                times_s.clear()
                app.page.click(by("editor-action-play"))
        elif now_s > 0 and width_px > 0:
            times_s.append(now_s)
        return bool(times_s) and times_s[-1] > times_s[0] + 0.5

    wait_until(plays_on, 25, "the clip to play on")
    seen = set()

    def moving_pictures():
        if playing()[2]:
            # It has come to its end; once more.
            app.page.click(by("editor-action-play"))
        colours, picture = app.look_at("video")
        if colours > 500:
            seen.add(picture)
        return len(seen) > 1

    wait_until(moving_pictures, 15, "moving pictures on the screen")
    app.shot("composer-playing-light")
    app.page.click(by("editor-action-stop" if app.page.find_all(by("editor-action-stop")) else "editor-action-play"))


def play_copy(app):
    """A clip that no web view is trusted with: a copy is made when it is opened, and that one plays."""
    page = app.page
    clip = app.scratch / "home" / "ten bit.mov"
    ten_bit = ("-vf", "scale=-2:480", "-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le", "-tag:v", "hvc1")
    quiet = ("-x265-params", "log-level=none", "-c:a", "copy")
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", FOOTAGE, *ten_bit, *quiet, clip], check=True)
    app.terminal("add", clip)
    page.click(by("nav-library"))
    wait_for_card(app, clip.name)
    begin_post(app, clip)
    address = "return document.querySelector('video')?.src ?? ''"
    wait_until(lambda: "/copy/" in page.run(address), 40, "the copy to be made and taken")
    play_clip(app)
    page.click(by("delete-post"))
    page.wait_for(by("nav-library"))


def edit_clip(app):
    """Cuts the clip in the editor by single frames, with pictures from the core, and takes it all back."""
    page = app.page
    page.click(by("editor-open"))
    page.wait_for(by("timeline"))
    whole = page.text(by("result-length"))
    for _ in range(3):
        page.click(by("editor-action-keyframe-on"))
    page.click(by("editor-action-frame-on"))
    page.click(by("editor-action-in"))
    wait_until(lambda: page.text(by("result-length")) != whole, 10, "the cut to shorten the result")
    wait_until(lambda: app.look_at(by("timeline"))[0] > 500, 15, "pictures on the timeline")
    app.shot("editor-light")
    page.click(by("editor-action-undo"))
    wait_until(lambda: page.text(by("result-length")) == whole, 10, "the cut to be taken back")
    page.click(by("editor-close"))
    page.wait_for(by("caption"))


def compose(app, caption):
    """Types and schedules the post for both platforms. Answers when it is due."""
    page = app.page
    page.type_into(by("caption"), caption)
    for platform in PLATFORMS:
        box = by(f"destination-practice-{platform}")
        page.wait_for(box)
        wait_until(lambda: is_ticked(page, box) or page.click(box), 15, f"{platform} to be ticked")
    answer_required_options(page)
    # A toast may lie over the button.
    wait_until(lambda: not page.find_all(by("toast")), 20, "the toasts to go")
    due = next_minute()
    page.type_into(by("schedule-date"), due.strftime("%Y-%m-%d"))
    page.type_into(by("schedule-time"), due.strftime("%H:%M"))
    page.click("h1, h2")
    page.run("document.querySelector(arguments[0]).scrollIntoView({ block: 'center' })", by("caption"))
    app.shot("composer-light")
    page.click(by("schedule"))
    wait_until(lambda: has_left_draft(page), 20, "both publications to be planned")
    app.shot("scheduled-light")
    return due


def is_ticked(page, box):
    """A card that opens above it moves the box away from under a click; then one clicks again."""
    return page.run("return document.querySelector(arguments[0]).checked", box)


def next_minute():
    """The next whole minute that leaves a person the time to press Schedule."""
    at = datetime.datetime.now(ZONE) + datetime.timedelta(seconds=AHEAD_S)
    return at.replace(second=0, microsecond=0) + datetime.timedelta(minutes=1)


def answer_required_options(page):
    """What has no default is chosen: the first thing each list offers to everybody."""
    for select, wanted in (
        ('select[data-testid^="option-tiktok-"]', "PUBLIC_TO_EVERYONE"),
        ('select[data-testid="option-youtube-visibility"]', "public"),
        ('select[data-testid="option-youtube-made_for_kids"]', "no"),
    ):
        page.click(f'{select} option[value="{wanted}"]')


def has_left_draft(page):
    states = [page.text(by(f"publication-status-{platform}")).lower() for platform in PLATFORMS]
    return all(states) and not any("draft" in text for text in states)
