use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One line of a publication's whole log: what moved it, what each attempt did, and what the platform said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LogEntry {
    pub at: Timestamp,
    pub level: LogLevel,
    /// The step, or who moved it.
    pub source: String,
    /// Which attempt of that publication, counted from 1; none for moves.
    pub attempt: Option<u32>,
    pub text: String,
    /// Our code of a problem.
    pub code: Option<String>,
    pub http_status: Option<u16>,
    pub platform_code: Option<String>,
    pub platform_message: Option<String>,
    /// The platform's own id of the request, for its support.
    pub request_id: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LogLevel {
    Info,
    Warning,
    Error,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    Text,
    Csv,
    Json,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PublicationLogTextRequest {
    pub id: String,
    pub format: LogFormat,
    /// Entries below it are left out.
    pub least: LogLevel,
}

/// What Daypart keeps on the disk. Originals are not part of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StorageReport {
    pub parts: Vec<StoragePart>,
    pub total_bytes: u64,
    /// None when the disk cannot be asked.
    pub free_bytes: Option<u64>,
    /// For how many days history is kept; none: for ever.
    pub history_days: Option<u32>,
    /// When housekeeping was last finished.
    pub cleaned_at: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StoragePart {
    /// Stable: `database`, `renditions`, `pictures`, `caches`, `proxies`, `logs`, `practice`, `other`.
    pub code: String,
    pub label: String,
    pub size_bytes: u64,
}

/// What cleaning up removed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CleanedUp {
    pub files: u64,
    pub size_bytes: u64,
    /// Open uploads that nobody will go on with.
    pub uploads: u64,
    /// Posts whose history was older than is kept.
    pub posts: u64,
    pub storage: StorageReport,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct KeepHistoryRequest {
    /// None: for ever.
    pub days: Option<u32>,
}

/// One readable text of the diagnostics.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DiagnosticsPart {
    /// A file name.
    pub name: String,
    pub text: String,
}
