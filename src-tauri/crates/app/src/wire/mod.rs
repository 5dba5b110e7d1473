//! From what the engine tells to what goes over the wire; one body for the window's commands and the terminal's `--json`.

mod accounts;
mod assets;
mod lateness;
mod log_entries;
mod playback;
mod posts;
mod publications;
mod timeline;
mod transfers;

pub use accounts::{account, accounts, platforms, posting_options};
pub use assets::{Links, asset};
pub use lateness::{lateness_policy, lateness_settings, missed_decision, set_lateness_settings};
pub use log_entries::{log_entries, log_text};
pub use playback::{PlaybackAddresses, captions_file, playback};
pub use posts::{check, draft, post, when};
pub use publications::{log, publication};
pub use timeline::{
    PictureAddress, cover_suggestions, graphics_card, rendition, strip_frames, strip_request, timeline,
    waveform,
};
pub use transfers::transfers;
