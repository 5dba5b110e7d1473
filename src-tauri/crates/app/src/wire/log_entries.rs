//! The log of a publication as one list, and as texts to copy, to save and to send.

use std::fmt::Write as _;

use daypart_domain::{
    problem::{Problem, RetryClass},
    publication_state::PublicationState,
};
use daypart_engine::PublicationLog;
use daypart_ipc::{LogEntry, LogFormat, LogLevel};
use daypart_platforms::redact;

/// By time. What was written is redacted already; it is once more, because this is what leaves the computer.
pub fn log_entries(log: &PublicationLog) -> Vec<LogEntry> {
    let mut entries: Vec<LogEntry> = log
        .events
        .iter()
        .map(|event| {
            let state = event.to.as_str().replace('_', " ");
            let is_move = event.from != Some(event.to);
            let level = if is_move {
                level_of(event.to)
            } else {
                LogLevel::Info
            };
            let text = if is_move {
                format!("{state}: {}", event.reason)
            } else {
                event.reason.clone()
            };
            entry(event.at, level, &event.actor, None, &text)
        })
        .collect();
    for (number, attempt) in (1..).zip(&log.attempts) {
        let step = attempt.kind.as_str();
        let of_attempt = |at, level, text: &str| entry(at, level, step, Some(number), text);
        entries.push(of_attempt(attempt.started_at, LogLevel::Info, "began"));
        let lines = log.lines.iter().filter(|line| line.attempt_id == attempt.id);
        entries.extend(lines.map(|line| of_attempt(line.at, LogLevel::Info, &line.line)));
        let Some(ended_at) = attempt.ended_at else {
            continue;
        };
        let outcome = attempt.outcome.as_deref().unwrap_or("ended");
        entries.push(match &attempt.problem {
            None => of_attempt(ended_at, LogLevel::Info, outcome),
            Some(problem) => with_words(of_attempt(ended_at, LogLevel::Warning, outcome), problem),
        });
    }
    entries.sort_by_key(|entry| entry.at);
    entries
}

/// The entries from `least` on, oldest first. CSV after RFC 4180, with a first line of names.
pub fn log_text(entries: &[LogEntry], format: LogFormat, least: LogLevel) -> Result<String, Problem> {
    let chosen: Vec<&LogEntry> = entries.iter().filter(|entry| entry.level >= least).collect();
    match format {
        LogFormat::Json => serde_json::to_string_pretty(&chosen)
            .map_err(|error| Problem::bug("a log could not be written").caused_by(&error)),
        LogFormat::Csv => Ok(csv(&chosen)),
        LogFormat::Text => Ok(chosen.into_iter().map(plain).collect()),
    }
}

fn level_of(to: PublicationState) -> LogLevel {
    match to {
        PublicationState::Failed => LogLevel::Error,
        PublicationState::InDoubt | PublicationState::NeedsUser | PublicationState::Missed => {
            LogLevel::Warning
        }
        _ => LogLevel::Info,
    }
}

fn entry(at: jiff::Timestamp, level: LogLevel, source: &str, attempt: Option<u32>, text: &str) -> LogEntry {
    LogEntry {
        at,
        level,
        source: source.to_owned(),
        attempt,
        text: redact(text),
        code: None,
        http_status: None,
        platform_code: None,
        platform_message: None,
        request_id: None,
    }
}

fn with_words(mut entry: LogEntry, problem: &Problem) -> LogEntry {
    if matches!(problem.retry, RetryClass::Permanent | RetryClass::Bug) {
        entry.level = LogLevel::Error;
    }
    entry.code = Some(problem.code.as_str().to_owned());
    if let Some(words) = &problem.platform_words {
        entry.http_status = words.http_status;
        entry.platform_code = words.code.as_deref().map(redact);
        entry.platform_message = words.message.as_deref().map(redact);
        // Kept as it is: the platform's support finds the request by it, and it opens nothing.
        entry.request_id = words.request_id.clone();
    }
    entry
}

fn word(level: LogLevel) -> &'static str {
    match level {
        LogLevel::Info => "info",
        LogLevel::Warning => "warning",
        LogLevel::Error => "error",
    }
}

fn plain(entry: &LogEntry) -> String {
    let mut line = format!(
        "{}  {:7}  {:10}  {}",
        entry.at,
        word(entry.level),
        entry.source,
        entry.text
    );
    let said = [
        entry.code.as_ref().map(|code| format!("[{code}]")),
        entry.http_status.map(|status| format!("HTTP {status}")),
        entry.platform_code.clone(),
        entry.platform_message.clone(),
        entry.request_id.as_ref().map(|id| format!("request {id}")),
    ];
    for part in said.into_iter().flatten() {
        let _ = write!(line, "  {part}");
    }
    line.push('\n');
    line
}

const COLUMNS: [&str; 10] = [
    "at",
    "level",
    "source",
    "attempt",
    "text",
    "code",
    "http_status",
    "platform_code",
    "platform_message",
    "request_id",
];

fn csv(entries: &[&LogEntry]) -> String {
    let mut text = COLUMNS.join(",");
    text.push_str("\r\n");
    for entry in entries {
        let cells = [
            entry.at.to_string(),
            word(entry.level).to_owned(),
            entry.source.clone(),
            entry.attempt.map(|number| number.to_string()).unwrap_or_default(),
            entry.text.clone(),
            entry.code.clone().unwrap_or_default(),
            entry
                .http_status
                .map(|status| status.to_string())
                .unwrap_or_default(),
            entry.platform_code.clone().unwrap_or_default(),
            entry.platform_message.clone().unwrap_or_default(),
            entry.request_id.clone().unwrap_or_default(),
        ];
        text.push_str(&cells.map(|cell| quoted(&cell)).join(","));
        text.push_str("\r\n");
    }
    text
}

/// A platform's words must not become a formula in a spreadsheet.
fn quoted(cell: &str) -> String {
    let harmless = if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    };
    if harmless.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", harmless.replace('"', "\"\""))
    } else {
        harmless
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_others_stay_in_their_cell_and_are_no_formula() {
        let at = "2026-11-21T18:00:00Z".parse().unwrap();
        let mut said = entry(
            at,
            LogLevel::Warning,
            "upload",
            Some(2),
            "it said \"no\", twice\nand left",
        );
        said.platform_message = Some("=HYPERLINK(1)".into());
        let text = log_text(&[said], LogFormat::Csv, LogLevel::Info).unwrap();
        assert_eq!(
            text,
            "at,level,source,attempt,text,code,http_status,platform_code,platform_message,request_id\r\n\
             2026-11-21T18:00:00Z,warning,upload,2,\"it said \"\"no\"\", twice\nand left\",,,,'=HYPERLINK(1),\r\n"
        );
    }

    #[test]
    fn only_what_is_grave_enough_is_kept() {
        let at = "2026-11-21T18:00:00Z".parse().unwrap();
        let entries = [LogLevel::Info, LogLevel::Warning, LogLevel::Error]
            .map(|level| entry(at, level, "upload", None, "x"));
        let lines = |least| {
            log_text(&entries, LogFormat::Text, least)
                .unwrap()
                .lines()
                .count()
        };
        assert_eq!(
            [LogLevel::Info, LogLevel::Warning, LogLevel::Error].map(lines),
            [3, 2, 1]
        );
    }

    #[test]
    fn a_token_in_a_line_is_masked_once_more() {
        let at = "2026-11-21T18:00:00Z".parse().unwrap();
        let leaked = entry(
            at,
            LogLevel::Info,
            "upload",
            None,
            "sent access_token=act.very-secret-1 to it",
        );
        assert!(!leaked.text.contains("very-secret"), "{}", leaked.text);
    }
}
