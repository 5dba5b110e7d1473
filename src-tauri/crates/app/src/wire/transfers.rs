//! Transfers on the wire.

use daypart_engine::TransfersOverview;
use daypart_ipc as ipc;

pub fn transfers(overview: TransfersOverview) -> ipc::Transfers {
    let TransfersOverview {
        all_paused_at,
        rules,
        limit_now_bytes_per_s,
    } = overview;
    ipc::Transfers {
        all_paused_at,
        rules: rules.into(),
        limit_now_bytes_per_s,
    }
}
