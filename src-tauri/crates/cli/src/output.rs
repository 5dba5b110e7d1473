//! What is printed. Results go to stdout, everything else to stderr.

use daypart_domain::{account::Account, problem::Problem, publication::Publication};
use daypart_ipc::convert::missing_extra;
use serde::Serialize;

use crate::{session::Session, target};

/// Problem, fix and causes on stderr; makes sense without colour.
pub fn print_problem(problem: &Problem) {
    eprintln!("daypart: {}", problem.message);
    let repeated = problem.details.len() == 1 && problem.details[0] == problem.message;
    if !repeated {
        for detail in &problem.details {
            eprintln!("  - {detail}");
        }
    }
    if let Some(fix) = &problem.fix {
        eprintln!("  {fix}");
    }
    eprintln!("  [{}]", problem.code);
}

/// Pretty JSON on stdout.
pub fn print_json(value: &impl Serialize) -> Result<(), Problem> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|error| Problem::bug("a result could not be written").caused_by(&error))?;
    print_line(&text);
    Ok(())
}

/// One line on stdout. A reader that has gone (`| head`) is not an error.
pub fn print_line(line: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Where a publication stands, in one line.
pub fn publication_line(account: &str, publication: &Publication) -> String {
    let mut line = format!("{account}: {}", publication.state.as_str().replace('_', " "));
    if publication.transfer.paused_at.is_some() {
        line.push_str(", paused");
    }
    if let Some(receipt) = &publication.receipt {
        line.push_str(&format!(" at {}", receipt.published_at));
        if let Some(visibility) = &receipt.visibility {
            line.push_str(&format!(" ({visibility})"));
        }
        if let Some(url) = &receipt.url {
            line.push_str(&format!(" {url}"));
        }
    } else if let Some(problem) = &publication.problem {
        line.push_str(&format!(": {}", problem.message));
        if let Some(fix) = &problem.fix {
            line.push_str(&format!(" {fix}"));
        }
    }
    line
}

/// Where a publication stands, and what is missing although it is there, a line each.
pub fn print_publication(session: &Session, account: &Account, publication: &Publication) {
    print_line(&publication_line(&target::label(account), publication));
    for warning in warnings(session, account, publication) {
        print_line(&format!("  {warning}"));
    }
}

fn warnings(session: &Session, account: &Account, publication: &Publication) -> Vec<String> {
    let specs = session.engine().extras_of(account);
    let missing = publication
        .extras
        .iter()
        .filter_map(|extra| missing_extra(extra, publication.state, specs));
    publication.warnings.iter().cloned().chain(missing).collect()
}

/// Sizes for people.
pub fn megabytes(size_bytes: u64) -> String {
    format!("{:.1} MB", size_bytes as f64 / 1_000_000.0)
}
