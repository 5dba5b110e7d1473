//! The simulated platforms: started by the owner, found by guests.

use std::path::Path;

use daypart_domain::problem::{ErrorCode, Problem};
use daypart_engine::Role;
use daypart_platforms::LoopbackBase;
use daypart_ports::store::Store;
use daypart_simulator::{Simulator, SimulatorConfig, SimulatorError};

use crate::PracticeSource;

/// Where the built-in simulator listened last. Upload addresses hold the port, so it is kept where possible.
const PORT_SETTING: &str = "practice.port";

/// The practice side of an app.
pub(crate) struct Practice {
    /// `None` for a guest that has never met an owner: there is no practice to talk to yet.
    pub base: Option<LoopbackBase>,
    pub simulator: Option<Simulator>,
}

pub(crate) async fn open_practice(
    source: &PracticeSource,
    role: Role,
    store: &dyn Store,
    data_dir: &Path,
) -> Result<Practice, Problem> {
    match source {
        PracticeSource::External(base) => Ok(Practice {
            base: Some(base.clone()),
            simulator: None,
        }),
        PracticeSource::BuiltIn => {
            let port = known_port(store).await?;
            if role == Role::Guest {
                let base = port
                    .map(|port| LoopbackBase::parse(&format!("http://127.0.0.1:{port}")))
                    .transpose()?;
                return Ok(Practice {
                    base,
                    simulator: None,
                });
            }
            let simulator = start(port.unwrap_or(0), &data_dir.join("practice")).await?;
            let base = LoopbackBase::parse(simulator.base_url())?;
            store
                .put_setting(PORT_SETTING, &simulator.port().to_string())
                .await?;
            Ok(Practice {
                base: Some(base),
                simulator: Some(simulator),
            })
        }
    }
}

async fn known_port(store: &dyn Store) -> Result<Option<u16>, Problem> {
    Ok(store
        .setting(PORT_SETTING)
        .await?
        .and_then(|text| text.parse().ok()))
}

/// On the port of the last time; on any free one when somebody else has taken it meanwhile. Open practice uploads then
/// start over, which is safe: their addresses no longer lead anywhere.
async fn start(port: u16, data_dir: &Path) -> Result<Simulator, Problem> {
    let config = |port| SimulatorConfig {
        port,
        data_dir: Some(data_dir.to_owned()),
        ..SimulatorConfig::default()
    };
    let started = match Simulator::start(config(port)).await {
        Err(SimulatorError::PortTaken { .. }) if port != 0 => Simulator::start(config(0)).await,
        other => other,
    };
    started.map_err(|error| {
        Problem::transient(
            ErrorCode::new("practice.unavailable"),
            "The practice platforms could not be started.",
        )
        .fix("Close other programs that use Daypart's practice folder and start Daypart again.")
        .caused_by(&error)
    })
}
