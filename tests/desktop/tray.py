"""What a person sees of the system tray and of notifications, read and clicked over D-Bus."""

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402

from webdriver import wait_until  # noqa: E402

WATCHER = ("org.kde.StatusNotifierWatcher", "/StatusNotifierWatcher")
MENU = "com.canonical.dbusmenu"
NOTIFICATIONS = "org.freedesktop.Notifications"
TIMEOUT_MS = 5000


class Tray:
    """The icon that was put into the tray last."""

    def __init__(self):
        self.bus = Gio.bus_get_sync(Gio.BusType.SESSION, None)

    def _call(self, name, path, interface, method, arguments):
        answer = self.bus.call_sync(
            name, path, interface, method, arguments, None, Gio.DBusCallFlags.NONE, TIMEOUT_MS, None
        )
        return answer.unpack()

    def _property(self, name, path, interface, key):
        arguments = GLib.Variant("(ss)", (interface, key))
        return self._call(name, path, "org.freedesktop.DBus.Properties", "Get", arguments)[0]

    def is_there(self):
        try:
            self.icons()
            return True
        except GLib.Error:
            return False

    def icons(self):
        return self._property(*WATCHER, WATCHER[0], "RegisteredStatusNotifierItems")

    def _icon(self, timeout_s):
        address = wait_until(self.icons, timeout_s, "an icon in the tray")[-1]
        name, _, path = address.partition("/")
        return name, "/" + path

    def _menu(self, timeout_s):
        name, path = self._icon(timeout_s)
        return name, self._property(name, path, "org.kde.StatusNotifierItem", "Menu")

    def entries(self, timeout_s=15):
        """The labels of the menu, by their number, without mnemonics."""
        arguments = GLib.Variant("(iias)", (0, -1, []))
        _, (_, _, children) = self._call(*self._menu(timeout_s), MENU, "GetLayout", arguments)
        return {number: words["label"].replace("_", "") for number, words, _ in children if words.get("label")}

    def click(self, label, timeout_s=15):
        """Clicks the entry as soon as the menu has it."""

        def number():
            return next((str(number) for number, text in self.entries().items() if text == label), None)

        found = int(wait_until(number, timeout_s, f"the tray menu entry “{label}”"))
        arguments = GLib.Variant("(isvu)", (found, "clicked", GLib.Variant("s", ""), 0))
        self._call(*self._menu(timeout_s), MENU, "Event", arguments)

    def _ask_notifications(self, method, arguments=None):
        return self._call(NOTIFICATIONS, "/org/freedesktop/Notifications", NOTIFICATIONS, method, arguments)

    def notifications(self):
        """Every desktop notification so far as (number, title, body, keys of its actions)."""
        shown = self._ask_notifications("List")[0]
        return [(number, *each) for number, each in enumerate(shown, start=1)]

    def press(self, number, key="default"):
        """Clicks a notification, or the button with that key on it."""
        self._ask_notifications("Press", GLib.Variant("(us)", (number, key)))

    def take_notifications_away(self):
        self._ask_notifications("Leave")
