"""The person's web browser: the desktop's default one. It shows nothing and remembers what it was asked to open."""

NAME = "daypart-test-browser.desktop"


class Browser:
    def __init__(self, scratch):
        self.remembered = scratch / "opened-in-browser"
        program = scratch / "browser"
        program.write_text(f"#!/bin/sh\nprintf '%s\\n' \"$1\" >> '{self.remembered}'\n")
        program.chmod(0o755)
        entry = scratch / "data" / "applications" / NAME
        entry.parent.mkdir(parents=True, exist_ok=True)
        schemes = ("x-scheme-handler/http", "x-scheme-handler/https")
        entry.write_text(
            "[Desktop Entry]\nType=Application\nName=Browser of the test\n"
            f"Exec={program} %u\nMimeType={';'.join(schemes)};\n"
        )
        lines = [f"{scheme}={NAME}" for scheme in schemes]
        (scratch / "config" / "mimeapps.list").write_text("\n".join(["[Default Applications]", *lines, ""]))

    def opened(self):
        """Every address so far, in order."""
        return self.remembered.read_text().splitlines() if self.remembered.exists() else []
