#!/bin/sh
# Runs the vault's keychain test against a real GNOME Keyring on a session bus of its own, unlocked, and once more
# where there is no keychain at all. Needs dbus-run-session and gnome-keyring-daemon.
# Usage: keychain.sh PROGRAM…, the program being the compiled test, or `cargo test -p daypart-vault --test keychain`.
set -eu
[ $# -gt 0 ] || set -- cargo test -q -p daypart-vault --test keychain
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

export XDG_DATA_HOME="$folder/data" XDG_CONFIG_HOME="$folder/config" XDG_RUNTIME_DIR="$folder/run"
mkdir -p "$XDG_DATA_HOME" "$XDG_CONFIG_HOME" "$XDG_RUNTIME_DIR"
chmod 700 "$XDG_RUNTIME_DIR"

DAYPART_TEST_KEYCHAIN=unlocked dbus-run-session -- sh -c '
    printf passphrase | gnome-keyring-daemon --unlock --components=secrets >/dev/null
    exec "$@"
' sh "$@"

# A bus address where nobody listens.
DAYPART_TEST_KEYCHAIN=absent DBUS_SESSION_BUS_ADDRESS="unix:path=$folder/nobody" "$@"
