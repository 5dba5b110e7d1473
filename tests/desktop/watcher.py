"""The desktop's side of tray and notifications, without a picture.

Applications tell the StatusNotifierWatcher their icons; notifications are kept, listed to the test and clicked for it.

A program of its own, started by desktop.py; it ends with its bus.
"""

import dbus
import dbus.mainloop.glib
import dbus.service
from gi.repository import GLib

WATCHER = "org.kde.StatusNotifierWatcher"
NOTIFICATIONS = "org.freedesktop.Notifications"
PROPERTIES = "org.freedesktop.DBus.Properties"


class Watcher(dbus.service.Object):
    def __init__(self, bus):
        self.icons = []
        self.name = dbus.service.BusName(WATCHER, bus)
        super().__init__(bus, "/StatusNotifierWatcher")

    @dbus.service.method(WATCHER, in_signature="s", sender_keyword="sender")
    def RegisterStatusNotifierItem(self, service, sender=None):
        # libappindicator sends its object path, others their bus name.
        icon = sender + service if service.startswith("/") else service + "/StatusNotifierItem"
        if icon not in self.icons:
            self.icons.append(icon)

    @dbus.service.method(WATCHER, in_signature="s")
    def RegisterStatusNotifierHost(self, service):
        pass

    @dbus.service.method(PROPERTIES, in_signature="ss", out_signature="v")
    def Get(self, interface, name):
        return self.GetAll(interface)[name]

    @dbus.service.method(PROPERTIES, in_signature="s", out_signature="a{sv}")
    def GetAll(self, interface):
        return {
            "IsStatusNotifierHostRegistered": dbus.Boolean(True),
            "ProtocolVersion": dbus.Int32(0),
            "RegisteredStatusNotifierItems": dbus.Array(self.icons, signature="s"),
        }


class Notifications(dbus.service.Object):
    """The desktop notifications service. `List`, `Press` and `Leave` are the test's own."""

    def __init__(self, bus):
        self.shown = []
        self.name = dbus.service.BusName(NOTIFICATIONS, bus)
        super().__init__(bus, "/org/freedesktop/Notifications")

    @dbus.service.method(NOTIFICATIONS, in_signature="susssasa{sv}i", out_signature="u")
    def Notify(self, application, replaces, icon, title, body, actions, hints, timeout_ms):
        # Keys and labels take turns.
        self.shown.append((title, body, dbus.Array(actions[::2], signature="s")))
        return dbus.UInt32(len(self.shown))

    @dbus.service.method(NOTIFICATIONS, out_signature="as")
    def GetCapabilities(self):
        return ["body", "actions"]

    @dbus.service.method(NOTIFICATIONS, out_signature="ssss")
    def GetServerInformation(self):
        return ("daypart-test", "daypart", "1", "1.2")

    @dbus.service.method(NOTIFICATIONS, in_signature="u")
    def CloseNotification(self, number):
        pass

    @dbus.service.signal(NOTIFICATIONS, signature="us")
    def ActionInvoked(self, number, key):
        pass

    @dbus.service.signal(NOTIFICATIONS, signature="uu")
    def NotificationClosed(self, number, reason):
        pass

    @dbus.service.method(NOTIFICATIONS, out_signature="a(ssas)")
    def List(self):
        return dbus.Array(self.shown, signature="(ssas)")

    @dbus.service.method(NOTIFICATIONS, in_signature="us")
    def Press(self, number, key):
        """As a person's click: on the notification itself the key is `default`."""
        self.ActionInvoked(number, key)

    @dbus.service.method(NOTIFICATIONS)
    def Leave(self):
        """From now on the desktop has no notifications."""
        self.connection.release_name(NOTIFICATIONS)


if __name__ == "__main__":
    dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
    session_bus = dbus.SessionBus()
    parts = (Notifications(session_bus), Watcher(session_bus))
    GLib.MainLoop().run()
