"""The part of the WebDriver protocol that this test needs, spoken over plain HTTP."""

import json
import time
import urllib.error
import urllib.request

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


class WebDriverError(Exception):
    """The driver's own words."""

    def __init__(self, code, message):
        super().__init__(f"{code}: {message}")
        self.code = code


class WebDriver:
    """One session. Every wait has a deadline and says in the error what it waited for."""

    def __init__(self, port):
        self.base = f"http://127.0.0.1:{port}"
        self.session = None

    def _call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data=data, method=method)
        request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            text = error.read().decode(errors="replace")
            try:
                value = json.loads(text)["value"]
            except (ValueError, KeyError, TypeError):
                raise WebDriverError(str(error.code), text) from None
            raise WebDriverError(value.get("error"), value.get("message")) from None

    def _in_session(self, method, path, body=None):
        return self._call(method, f"/session/{self.session}{path}", body)

    def start(self, application):
        """Starts `application` under the driver's control."""
        options = {"binary": application, "args": []}
        wanted = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}}
        answer = self._call("POST", "/session", wanted)
        self.session = answer["sessionId"]

    def quit(self):
        if self.session:
            session, self.session = self.session, None
            self._call("DELETE", f"/session/{session}")

    def windows(self):
        return self._in_session("GET", "/window/handles")

    def look_at(self, window):
        self._in_session("POST", "/window", {"handle": window})

    def run(self, script, *arguments):
        """Runs the body of a function in the page; its return value comes back."""
        return self._in_session("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def find_all(self, selector, root=None):
        path = f"/element/{root}/elements" if root else "/elements"
        using = "xpath" if selector.startswith(("/", "./", "(")) else "css selector"
        found = self._in_session("POST", path, {"using": using, "value": selector})
        return [element[ELEMENT] for element in found]

    def wait_for(self, selector, timeout_s=15, root=None):
        """The first displayed element that matches, as soon as there is one."""

        def displayed():
            for element in self.find_all(selector, root):
                try:
                    if self._in_session("GET", f"/element/{element}/displayed"):
                        return element
                except WebDriverError as error:
                    if error.code not in ("stale element reference", "no such element"):
                        raise
            return None

        return wait_until(displayed, timeout_s, f"the page to show {selector}")

    def click(self, selector, timeout_s=15, root=None):
        """Clicks as a person does: at the element's middle, once it is shown, enabled and not covered."""

        def clicked():
            self._in_session("POST", f"/element/{self.wait_for(selector, timeout_s, root)}/click", {})
            return True

        wait_until(clicked, timeout_s, f"a click on {selector}")

    def type_into(self, selector, text, timeout_s=15, clear=True):
        element = self.wait_for(selector, timeout_s)
        if clear:
            self._in_session("POST", f"/element/{element}/clear", {})
        self._in_session("POST", f"/element/{element}/value", {"text": text})

    def text(self, selector="body"):
        """What a person reads there; empty when nothing matches. (The driver's own command leaves out some of it.)"""
        return self.run("return document.querySelector(arguments[0])?.innerText ?? ''", selector)

    def attribute(self, element, name):
        return self._in_session("GET", f"/element/{element}/attribute/{name}")

    def wait_for_text(self, text, timeout_s=15, selector="body"):
        wait_until(lambda: text in self.text(selector), timeout_s, f"the page to say “{text}”")

    def wait_for_paint(self):
        """Until what the page holds now is on the screen."""
        script = "const done = arguments[0]; document.fonts.ready.then(() => requestAnimationFrame(() => requestAnimationFrame(done)))"
        self._in_session("POST", "/execute/async", {"script": script, "args": []})


class TimedOut(AssertionError):
    pass


def wait_until(condition, timeout_s, what, every_s=0.1):
    """The first true answer of `condition`. It is asked again until the deadline; errors of the driver count as no."""
    deadline = time.monotonic() + timeout_s
    last_error = None
    while True:
        try:
            answer = condition()
            if answer:
                return answer
        except WebDriverError as error:
            if error.code in ("invalid session id", "unknown command"):
                raise
            last_error = error
        if time.monotonic() >= deadline:
            hint = f" (last: {last_error})" if last_error else ""
            raise TimedOut(f"waited {timeout_s} s for {what}{hint}")
        time.sleep(every_s)
