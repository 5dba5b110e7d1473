"""The external simulator and the person who sits in front of its consent page."""

import html.parser
import json
import urllib.error
import urllib.parse
import urllib.request

from webdriver import TimedOut, wait_until


class Simulator:
    """`daypart simulator`, and its control surface (src-tauri/crates/simulator/README.md)."""

    def __init__(self, desktop, binary, port):
        self.base = f"http://127.0.0.1:{port}"
        desktop.start("simulator", binary, "simulator", "--port", port)
        wait_until(self._answers, 30, "the simulator")

    def _answers(self):
        try:
            self.ask("/_control/settings")
            return True
        except OSError:
            return False

    def ask(self, path, patience_s=10, **query):
        address = self.base + path + ("?" + urllib.parse.urlencode(query) if query else "")
        request = urllib.request.Request(address, headers={"X-Daypart-Control": "1"})
        with urllib.request.urlopen(request, timeout=patience_s) as answer:
            return json.load(answer)

    def wait_for(self, event, platform, timeout_s):
        """Answers as soon as the event has happened; it may have happened before."""
        try:
            self.ask("/_control/wait", timeout_s + 10, event=event, platform=platform, timeout_s=timeout_s)
        except urllib.error.HTTPError as error:
            raise TimedOut(f"waited {timeout_s} s for “{event}” at {platform}: HTTP {error.code}") from None

    def ledger(self):
        answer = self.ask("/_control/ledger")
        return answer["entries"] if isinstance(answer, dict) else answer


class Form(html.parser.HTMLParser):
    """What a browser sends for the page's form when its first button is pressed."""

    def __init__(self):
        super().__init__()
        self.action, self.fields, self.pressed = None, [], False

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form":
            self.action = given["action"]
        elif tag == "input" and "name" in given:
            chosen = given.get("type") not in ("radio", "checkbox") or "checked" in given
            if chosen:
                self.fields.append((given["name"], given.get("value", "on")))
        elif tag == "button" and "name" in given and not self.pressed:
            self.pressed = True
            self.fields.append((given["name"], given["value"]))


def consent(authorize_url):
    """Opens the consent page, presses Allow, and follows the redirect to the app. Answers the page the app shows."""
    with urllib.request.urlopen(authorize_url, timeout=10) as page:
        form = Form()
        form.feed(page.read().decode())
        target = urllib.parse.urljoin(page.url, form.action)
    request = urllib.request.Request(target, urllib.parse.urlencode(form.fields).encode())
    request.add_header("Origin", "{0.scheme}://{0.netloc}".format(urllib.parse.urlsplit(target)))
    with urllib.request.urlopen(request, timeout=20) as answer:
        return answer.read().decode(errors="replace")
