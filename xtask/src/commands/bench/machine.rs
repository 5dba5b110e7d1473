//! What the figures were measured on.

use std::fs;

/// Processor, cores, memory and system, in one line.
pub fn described() -> String {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let after = |text: &str, key: &str| -> String {
        text.lines()
            .find(|line| line.starts_with(key))
            .and_then(|line| line.split_once([':', '=']))
            .map_or("unknown".to_owned(), |(_, value)| {
                value.trim().trim_matches('"').to_owned()
            })
    };
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!(
        "{} ({cores} cores), {} of memory, {}, Linux {}",
        after(&read("/proc/cpuinfo"), "model name"),
        after(&read("/proc/meminfo"), "MemTotal"),
        after(&read("/etc/os-release"), "PRETTY_NAME"),
        read("/proc/sys/kernel/osrelease").trim(),
    )
}

/// How many processes wanted to run during the last minute; tells how calm the machine is.
pub fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().unwrap_or("unknown").to_owned()
}
