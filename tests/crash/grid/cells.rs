//! Which cells there are on an adapter, as data.

use daypart_tests::grid::{Cell, Step, Trouble};

/// An adapter's calls: as the practice platform names them, and as they look on the wire.
pub struct Adapter {
    pub platform: &'static str,
    open: Call,
    bytes: Call,
    confirm: Call,
    reconcile: Call,
    refresh: Call,
    holds_times: bool,
    /// Whether the bytes travel with the access token.
    bytes_carry_token: bool,
}

#[derive(Debug, Clone, Copy)]
pub struct Call {
    pub endpoint: &'static str,
    pub on_wire: &'static str,
}

pub static TIKTOK: Adapter = Adapter {
    platform: "tiktok",
    open: Call {
        endpoint: "video_init",
        on_wire: "/video/init/",
    },
    bytes: Call {
        endpoint: "chunk",
        on_wire: "PUT /tiktok/upload/",
    },
    confirm: Call {
        endpoint: "status",
        on_wire: "/status/fetch/",
    },
    reconcile: Call {
        endpoint: "status",
        on_wire: "/status/fetch/",
    },
    refresh: Call {
        endpoint: "token_refresh",
        on_wire: "/oauth/token/",
    },
    holds_times: false,
    bytes_carry_token: false,
};

pub static YOUTUBE: Adapter = Adapter {
    platform: "youtube",
    open: Call {
        endpoint: "upload_start",
        on_wire: "POST /google/www/upload/",
    },
    bytes: Call {
        endpoint: "chunk",
        on_wire: "PUT /google/www/upload/",
    },
    confirm: Call {
        endpoint: "videos_list",
        on_wire: "GET /google/www/youtube/v3/videos",
    },
    reconcile: Call {
        endpoint: "upload_query",
        on_wire: "bytes */",
    },
    refresh: Call {
        endpoint: "token_refresh",
        on_wire: "/google/oauth2/token",
    },
    holds_times: true,
    bytes_carry_token: true,
};

/// One cell that is played.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    pub platform: &'static str,
    pub step: Step,
    pub trouble: Trouble,
    /// The call that it happens to.
    pub call: Call,
    /// The call with which an upload is opened.
    pub open: Call,
}

pub fn cell(adapter: &'static Adapter, step: Step, trouble: Trouble) -> Cell<Case> {
    let call = match step {
        Step::Probe => {
            return Cell::Absent("the file alone is read: no adapter takes part; see the platform in memory");
        }
        Step::Prepare => adapter.open,
        Step::Open => adapter.open,
        Step::Upload => adapter.bytes,
        Step::HandOver if !adapter.holds_times => return Cell::Absent("this platform cannot hold a time"),
        Step::Publish | Step::HandOver => Call {
            endpoint: "last_chunk",
            ..adapter.bytes
        },
        Step::Confirm => adapter.confirm,
        Step::Reconcile => adapter.reconcile,
        Step::Amend if !adapter.holds_times => return Cell::Absent("this platform cannot hold a time"),
        Step::Amend => {
            return Cell::Absent("no command of the terminal changes a post; see the platform in memory");
        }
        Step::Refresh => adapter.refresh,
        Step::Extras => return Cell::Absent("this adapter has no additions"),
    };
    let carries_bytes = matches!(step, Step::Upload | Step::Publish | Step::HandOver);
    let absent = match trouble {
        Trouble::ClockJump | Trouble::ClockChange => {
            Some("the compiled program has this computer's clock; see the platform in memory")
        }
        Trouble::DiskFull if step != Step::Prepare => {
            Some("a record that cannot be written; see the platform in memory")
        }
        Trouble::DiskFull if !super::scene::can_mount() => Some("nobody may mount a small disk here"),
        Trouble::KilledBefore | Trouble::DiskFull => None,
        Trouble::KilledAfter if step == Step::Prepare => {
            Some("the moment cannot be met from outside; see the platform in memory")
        }
        _ if step == Step::Prepare => Some("nobody is asked"),
        Trouble::TokenExpired | Trouble::TokenRevoked if carries_bytes && !adapter.bytes_carry_token => {
            Some("the bytes travel without a token")
        }
        Trouble::TokenExpired if step == Step::Refresh => Some("a refresh needs no valid access token"),
        _ => None,
    };
    match absent {
        Some(reason) => Cell::Absent(reason),
        None => Cell::Case(Case {
            platform: adapter.platform,
            step,
            trouble,
            call,
            open: adapter.open,
        }),
    }
}
