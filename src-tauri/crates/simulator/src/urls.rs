//! Where each real host is found under the simulator's base URL.

/// Requests to `/_control/` need this header with the value `1`.
pub const CONTROL_HEADER: &str = "X-Daypart-Control";

/// Stands for `https://www.tiktok.com`.
pub fn tiktok_www_url(base_url: &str) -> String {
    format!("{base_url}/tiktok/www")
}

/// Stands for `https://open.tiktokapis.com`.
pub fn tiktok_api_url(base_url: &str) -> String {
    format!("{base_url}/tiktok/api")
}

/// Stands for `https://accounts.google.com`.
pub fn google_accounts_url(base_url: &str) -> String {
    format!("{base_url}/google/accounts")
}

/// Stands for `https://oauth2.googleapis.com`.
pub fn google_oauth2_url(base_url: &str) -> String {
    format!("{base_url}/google/oauth2")
}

/// Stands for `https://www.googleapis.com`.
pub fn google_api_url(base_url: &str) -> String {
    format!("{base_url}/google/www")
}

/// Stands for `https://www.youtube.com`.
pub fn youtube_www_url(base_url: &str) -> String {
    format!("{base_url}/youtube/www")
}
