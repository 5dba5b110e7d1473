//! Every Debian package that Daypart needs from the system, and why.

/// What a package is needed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Building the app and using it.
    Run,
    /// Building the core and the `daypart` program only.
    Core,
    /// The tests.
    Test,
    /// `cargo xtask package`.
    Package,
}

/// A Debian package.
#[derive(Clone, Copy, Debug)]
pub struct Package {
    pub name: &'static str,
    pub why: &'static str,
    pub purpose: Purpose,
    /// When one of these programs is on PATH, the package is not needed.
    pub instead: &'static [&'static str],
}

const fn package(purpose: Purpose, name: &'static str, why: &'static str) -> Package {
    Package {
        name,
        why,
        purpose,
        instead: &[],
    }
}

use Purpose::{Core, Run, Test};

/// All of them, in the order in which they are listed to the user.
pub const PACKAGES: &[Package] = &[
    package(
        Core,
        "build-essential",
        "links the Rust code and compiles SQLite and the TLS library",
    ),
    package(Core, "ffmpeg", "measures and converts the clips"),
    package(
        Run,
        "pkg-config",
        "finds the libraries of the window at build time",
    ),
    package(
        Run,
        "libwebkit2gtk-4.1-dev",
        "the web view that the window is drawn with",
    ),
    package(
        Run,
        "libgtk-3-dev",
        "the window itself, its dialogs and drag and drop",
    ),
    package(Run, "libayatana-appindicator3-dev", "the tray icon"),
    package(Run, "librsvg2-dev", "scalable icons"),
    package(Run, "gstreamer1.0-plugins-base", "plays previews in the window"),
    package(
        Run,
        "gstreamer1.0-plugins-good",
        "plays previews in the window (MP4 files)",
    ),
    package(
        Run,
        "gstreamer1.0-libav",
        "plays previews in the window (H.264, HEVC, AAC)",
    ),
    package(Run, "gstreamer1.0-gl", "draws previews in the window"),
    package(
        Test,
        "dbus",
        "each test of the keychain and the window has a session bus of its own",
    ),
    package(Test, "dbus-x11", "starts that bus beside the virtual display"),
    package(
        Test,
        "gnome-keyring",
        "the keychain that the keychain tests write to",
    ),
    package(Test, "libsecret-tools", "looks into the keychain from outside"),
    package(Test, "xvfb", "the virtual display that the window test runs on"),
    package(Test, "xauth", "lets only the test use that display"),
    package(Test, "openbox", "the window manager on that display"),
    package(
        Test,
        "pcmanfm",
        "the file manager that clips are dragged and copied from",
    ),
    package(Test, "xdotool", "plays mouse and keys of the window test"),
    package(Test, "wmctrl", "puts the windows side by side for the drag"),
    package(Test, "x11-utils", "tells where the windows are"),
    package(Test, "imagemagick", "takes the screenshots"),
    package(Test, "xdg-utils", "opens links in the desktop's default browser"),
    package(
        Test,
        "at-spi2-core",
        "the accessibility bus that GTK looks for at its start",
    ),
    package(
        Test,
        "webkit2gtk-driver",
        "WebDriver for the web view: reads and clicks in the real window",
    ),
    package(
        Test,
        "python3-gi",
        "plays the desktop's tray and notification services on the bus",
    ),
    package(
        Test,
        "python3-dbus",
        "the same: clicks the tray's menu over D-Bus",
    ),
    package(Test, "gir1.2-gtk-3.0", "the same: its GTK parts"),
    package(Test, "forensics-samples-files", "real camera footage"),
    package(
        Test,
        "curl",
        "the yardstick of `cargo xtask bench`, and plays the browser in some tests",
    ),
    Package {
        instead: &[
            "chromium",
            "chromium-browser",
            "google-chrome",
            "google-chrome-stable",
        ],
        ..package(
            Test,
            "chromium",
            "the browser that the tests of the user interface run in",
        )
    },
    package(Purpose::Package, "rpm", "builds the .rpm package"),
];

/// The packages for these purposes. `Run` and `Test` take `Core` along.
pub fn packages_for(purposes: &[Purpose]) -> Vec<Package> {
    PACKAGES
        .iter()
        .filter(|package| package.purpose == Core || purposes.contains(&package.purpose))
        .copied()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_package_is_listed_once_and_says_why() {
        let mut names: Vec<_> = PACKAGES.iter().map(|package| package.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), PACKAGES.len());
        assert!(PACKAGES.iter().all(|package| package.why.len() > 10));
    }

    #[test]
    fn the_core_needs_no_window() {
        assert!(
            packages_for(&[])
                .iter()
                .all(|package| !package.name.contains("gtk"))
        );
    }
}
