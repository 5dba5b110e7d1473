//! Files with their edits and measures, held against a spec.

use daypart_domain::{
    analysis::Analysis,
    compliance::{Finding, check_edited},
    delivery_spec::{AccountLimits, DeliverySpec},
    edit::Edit,
    media_info::MediaInfo,
};

/// What is looked at, to be changed by a row.
#[derive(Default)]
pub struct Case {
    pub edit: Edit,
    pub analysis: Analysis,
    pub limits: AccountLimits,
}

pub fn found(info: &MediaInfo, case: &Case, spec: &DeliverySpec) -> Vec<Finding> {
    check_edited(info, &case.edit, &case.analysis, spec, case.limits)
}

pub fn rules(info: &MediaInfo, case: &Case, spec: &DeliverySpec) -> Vec<String> {
    found(info, case, spec)
        .into_iter()
        .map(|finding| finding.rule)
        .collect()
}
