//! Limits on a running tool.

/// What a tool is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Allowance {
    /// Looking at a file: 2 GiB of address space, 20 s of CPU.
    Look,
    /// Reading a medium to its end as raw data: 2 GiB of address space, as long as data comes.
    Stream,
    /// Converting: as long as it makes progress.
    Convert,
}

/// Lowers the priority of the process and limits it. Best effort: a process that has already ended, or a
/// system without such limits, is not an error, because the timeouts hold in any case.
#[cfg(target_os = "linux")]
pub(crate) fn confine(process_id: u32, allowance: Allowance) {
    use rustix::process::{Pid, Resource, Rlimit, prlimit, setpriority_process};

    let Some(process) = i32::try_from(process_id).ok().and_then(Pid::from_raw) else {
        return;
    };
    let limit = |resource, most| {
        let limit = Rlimit {
            current: Some(most),
            maximum: Some(most),
        };
        if let Err(error) = prlimit(Some(process), resource, limit) {
            tracing::debug!(%error, "a limit could not be set");
        }
    };
    if let Err(error) = setpriority_process(Some(process), 10) {
        tracing::debug!(%error, "the priority could not be lowered");
    }
    limit(Resource::Core, 0);
    if matches!(allowance, Allowance::Look | Allowance::Stream) {
        limit(Resource::As, 2 << 30);
    }
    if allowance == Allowance::Look {
        limit(Resource::Cpu, 20);
    }
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn confine(_process_id: u32, _allowance: Allowance) {}
