"""How a person hears what became of a post: notifications, and what the window says."""

import urllib.parse
import urllib.request

from app import PLATFORMS, by
from webdriver import wait_until

TITLE = "Practice: Published"


def published(app):
    """The notifications of published posts, as (number, title, body, keys)."""
    return [told for told in app.tray.notifications() if told[1] == TITLE]


def wait_for_tidings(app, count):
    def told():
        return len(published(app)) == count and published(app)

    return wait_until(told, 20, f"{count} notifications of published posts")


def press_until(app, number, condition, what, key="default"):
    """Clicks a notification. The app begins to listen a moment after it is shown; a person takes longer than that."""

    def pressed():
        if not condition():
            app.tray.press(number, key)
        return condition()

    return wait_until(pressed, 15, what, every_s=0.5)


def clicks_open_post_and_link(app, browser, caption):
    """With the window closed: one notification is clicked, on the other the button."""
    first, second = wait_for_tidings(app, len(PLATFORMS))
    press_until(app, first[0], lambda: app.desktop.web_processes(), "the click to open the window")
    app.look_at_new_window()
    assert app.address().startswith("#/posts/"), f"the click led to {app.address()}"
    for platform in PLATFORMS:
        app.page.wait_for(by(f"publication-link-{platform}"))

    _, _, body, keys = second
    link = body.splitlines()[-1]
    assert "link" in keys, f"no button for the link in {keys}"
    press_until(app, second[0], lambda: link in browser.opened(), "the button to open the link", key="link")
    address = urllib.parse.urlsplit(link)
    assert address.hostname == "127.0.0.1", link
    with urllib.request.urlopen(link, timeout=10) as answer:
        assert caption in answer.read().decode(), "the link leads to another post"


def click_leads_open_window(app, clip):
    """A terminal posts beside the open window. Its notification leads the window to that post, without loading it anew."""
    app.page.click(by("nav-library"))
    app.page.run("window.stillTheSamePage = true")
    told = len(published(app))
    post_at_once(app, clip, "from the terminal")
    newest = wait_for_tidings(app, told + 1)[-1]
    press_until(app, newest[0], lambda: app.address().startswith("#/posts/"), "the click to lead to the post")
    app.page.wait_for_text("from the terminal", 10, "aside[aria-label='Post details']")
    assert app.page.run("return window.stillTheSamePage === true"), "the page was loaded anew"


def desktop_without_notifications(app, clip):
    """Nothing breaks, and the window says what became of the post."""
    app.tray.take_notifications_away()
    app.page.click(by("nav-posts"))
    post_at_once(app, clip, "nobody was told")
    wait_until(lambda: row_says(app, "nobody was told", "Published"), 20, "the window to say Published")
    wait_until(lambda: "no desktop notification could be shown" in app.log(), 10, "the log to say why nobody was told")
    assert app.is_running()


def post_at_once(app, clip, caption):
    options = ("--option", "practice-youtube.visibility=public", "--option", "practice-youtube.made_for_kids=no")
    app.terminal("post", clip, "--to", "practice-youtube", "--caption", caption, *options)


def row_says(app, caption, text):
    script = """return [...document.querySelectorAll(arguments[0])]
        .some((row) => row.innerText.includes(arguments[1]) && row.innerText.includes(arguments[2]))"""
    return app.page.run(script, by("post-row"), caption, text)


def read_published(app):
    app.page.click(by("nav-posts"))
    for platform in PLATFORMS:
        status = by(f"publication-status-{platform}")
        wait_until(lambda: "Published" in app.page.text(status), 20, f"{platform} to be shown as Published")


def read_receipts(app):
    """Time and link per destination, and what the attempts wrote down."""
    app.page.click(f'{by("post-row")} button')
    for platform in PLATFORMS:
        app.page.wait_for(by(f"publication-link-{platform}"))
    app.page.click(by("publication-log-toggle"))
    app.page.wait_for_text("upload", 10, by("publication-log"))
    app.shot("post-published-light")
