//! Calls of the planner.

use daypart_domain::{
    analysis::Analysis,
    delivery_spec::{AccountLimits, DeliverySpec},
    edit::Edit,
    media_info::MediaInfo,
    transcode_plan::{Destination, Material, PlannedRendition, SpeedHistory, Wishes, plan_all},
};

use crate::transcode_plan::NO_LIMITS;

/// One call of the planner, to be filled in by a test.
pub struct Call {
    pub info: MediaInfo,
    pub edit: Edit,
    pub analysis: Analysis,
    pub keyframes_us: Option<Vec<u64>>,
    pub history: SpeedHistory,
    pub wishes: Wishes,
    pub limits: AccountLimits,
}

pub fn call(info: MediaInfo) -> Call {
    Call {
        info,
        edit: Edit::default(),
        analysis: Analysis::default(),
        keyframes_us: None,
        history: SpeedHistory::default(),
        wishes: Wishes::default(),
        limits: NO_LIMITS,
    }
}

impl Call {
    pub fn plan(&self, specs: &[&DeliverySpec]) -> Vec<PlannedRendition> {
        let material = Material {
            info: &self.info,
            edit: &self.edit,
            analysis: &self.analysis,
            keyframes_us: self.keyframes_us.as_deref(),
            history: &self.history,
        };
        let destinations: Vec<Destination<'_>> = specs
            .iter()
            .map(|spec| Destination {
                spec,
                limits: self.limits,
            })
            .collect();
        plan_all(&material, self.wishes, &destinations)
    }

    pub fn one(&self, spec: &DeliverySpec) -> PlannedRendition {
        let mut planned = self.plan(&[spec]);
        assert_eq!(planned.len(), 1);
        planned.remove(0)
    }
}
