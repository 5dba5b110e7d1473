#!/usr/bin/python3
"""Draws every icon file of this folder from icon.svg and tray.svg.

Run it after editing a drawing; the results are committed so that a build needs no drawing tools.
Needs python3-gi, gir1.2-gdkpixbuf-2.0 and librsvg2-common.
"""
import pathlib
import struct

import gi

gi.require_version("GdkPixbuf", "2.0")
from gi.repository import GdkPixbuf, Gio, GLib  # noqa: E402

FOLDER = pathlib.Path(__file__).resolve().parent

# What the tray icon wears in each state; shape and colour both differ, for people who see one of them poorly.
TRAY_BADGES = {
    "normal": "",
    "busy": '<circle cx="48" cy="48" r="15" fill="#ffffff"/><circle cx="48" cy="48" r="13" fill="#2f7fe0"/>'
    '<path d="M 48 56 L 48 42 M 41.5 47.5 L 48 41 L 54.5 47.5" fill="none" stroke="#ffffff" stroke-width="4"/>',
    "attention": '<path d="M 45 30 L 61 60 L 29 60 Z" fill="#ffffff" stroke="#ffffff" stroke-width="4" stroke-linejoin="round"/>'
    '<path d="M 45 34 L 57 58 L 33 58 Z" fill="#d9441f" stroke="#d9441f" stroke-width="3" stroke-linejoin="round"/>'
    '<path d="M 45 41 L 45 50" stroke="#ffffff" stroke-width="4"/><circle cx="45" cy="55" r="2.4" fill="#ffffff"/>',
}


def png(svg: str, size: int) -> bytes:
    stream = Gio.MemoryInputStream.new_from_bytes(GLib.Bytes.new(svg.encode()))
    picture = GdkPixbuf.Pixbuf.new_from_stream_at_scale(stream, size, size, True, None)
    done, data = picture.save_to_bufferv("png", ["compression"], ["9"])
    assert done
    return bytes(data)


def ico(pictures: dict[int, bytes]) -> bytes:
    head = struct.pack("<HHH", 0, 1, len(pictures))
    offset = len(head) + 16 * len(pictures)
    entries, body = b"", b""
    for size, data in pictures.items():
        entries += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(data), offset + len(body))
        body += data
    return head + entries + body


def icns(pictures: dict[bytes, bytes]) -> bytes:
    body = b"".join(kind + struct.pack(">I", len(data) + 8) + data for kind, data in pictures.items())
    return b"icns" + struct.pack(">I", len(body) + 8) + body


def main() -> None:
    app = (FOLDER / "icon.svg").read_text()
    sized = {size: png(app, size) for size in (16, 32, 48, 64, 128, 256, 512)}
    for name, size in {
        "32x32.png": 32,
        "64x64.png": 64,
        "128x128.png": 128,
        "128x128@2x.png": 256,
        "icon.png": 512,
    }.items():
        (FOLDER / name).write_bytes(sized[size])
    (FOLDER / "icon.ico").write_bytes(ico({size: sized[size] for size in (16, 32, 48, 64, 256)}))
    (FOLDER / "icon.icns").write_bytes(icns({b"ic07": sized[128], b"ic08": sized[256], b"ic09": sized[512]}))
    tray = (FOLDER / "tray.svg").read_text()
    for state, badge in TRAY_BADGES.items():
        (FOLDER / f"tray-{state}.png").write_bytes(png(tray.replace("<!--badge-->", badge), 64))


if __name__ == "__main__":
    main()
