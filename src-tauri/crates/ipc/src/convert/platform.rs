use daypart_domain::{
    capabilities::Capabilities, delivery_spec::DeliverySpec, platform::Realm as DomainRealm, quota::Quota,
};

use crate::{Consent, CredentialsGuide, Limit, Link, Platform};

impl Platform {
    /// `credentials_set` is ignored for practice, which needs none.
    pub fn from_capabilities(capabilities: &Capabilities, realm: DomainRealm, credentials_set: bool) -> Self {
        let is_real = realm == DomainRealm::Real;
        let redirect_uri = capabilities.redirect_uri_pattern;
        Self {
            id: capabilities.platform.as_str().to_owned(),
            name: capabilities.name.to_owned(),
            realm: realm.into(),
            credentials_set: !is_real || credentials_set,
            credentials: is_real.then(|| CredentialsGuide {
                redirect_uri: redirect_uri.to_owned(),
                steps: capabilities
                    .developer_guide
                    .iter()
                    .map(|step| step.replace("{redirect_uri}", redirect_uri))
                    .collect(),
            }),
            limits: limits(&capabilities.delivery, &capabilities.quotas),
            text_rules: capabilities.text_rules.iter().cloned().map(Into::into).collect(),
            options: capabilities.options.iter().cloned().map(Into::into).collect(),
            option_rules: capabilities
                .option_rules
                .iter()
                .cloned()
                .map(Into::into)
                .collect(),
            consent: capabilities.consent.map(|(text, links)| Consent {
                text: text.to_owned(),
                links: links
                    .iter()
                    .map(|(label, url)| Link {
                        label: (*label).to_owned(),
                        url: (*url).to_owned(),
                    })
                    .collect(),
            }),
            holds_schedule: capabilities.native_schedule.is_some(),
        }
    }
}

/// What is worth reading before choosing a file.
fn limits(delivery: &DeliverySpec, quotas: &[Quota]) -> Vec<Limit> {
    let mut lines = Vec::new();
    let mut push = |label: &str, value: String| {
        lines.push(Limit {
            label: label.to_owned(),
            value,
        })
    };
    push(
        "Files",
        delivery
            .containers
            .value
            .iter()
            .map(|container| container.label())
            .collect::<Vec<_>>()
            .join(", "),
    );
    if let Some(duration) = delivery.duration_max_ms {
        push("Length", format!("at most {}", duration_words(duration.value)));
    }
    push(
        "Size",
        format!("at most {}", size_words(delivery.size_max_bytes.value)),
    );
    match (delivery.frame_rate_min_fps, delivery.frame_rate_max_fps) {
        (Some(min), Some(max)) => push("Frame rate", format!("{} to {} fps", min.value, max.value)),
        (None, Some(max)) => push("Frame rate", format!("at most {} fps", max.value)),
        (Some(min), None) => push("Frame rate", format!("at least {} fps", min.value)),
        (None, None) => {}
    }
    match (delivery.side_min_px, delivery.side_max_px) {
        (Some(min), Some(max)) => push(
            "Picture",
            format!("{} to {} px on each side", min.value, max.value),
        ),
        (None, Some(max)) => push("Picture", format!("at most {} px on each side", max.value)),
        (Some(min), None) => push("Picture", format!("at least {} px on each side", min.value)),
        (None, None) => {}
    }
    for quota in quotas {
        push(
            quota.label,
            format!("{} per {}", quota.posts, quota.window.words()),
        );
    }
    lines
}

fn duration_words(duration_ms: u64) -> String {
    match duration_ms / 1000 {
        seconds if seconds % 3600 == 0 => format!("{} h", seconds / 3600),
        seconds if seconds % 60 == 0 => format!("{} min", seconds / 60),
        seconds => format!("{seconds} s"),
    }
}

fn size_words(size_bytes: u64) -> String {
    const GIB: u64 = 1 << 30;
    const MIB: u64 = 1 << 20;
    if size_bytes.is_multiple_of(GIB) {
        format!("{} GiB", size_bytes / GIB)
    } else if size_bytes.is_multiple_of(MIB) {
        format!("{} MiB", size_bytes / MIB)
    } else {
        format!("{:.1} GB", size_bytes as f64 / 1e9)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_read_as_people_say_them() {
        assert_eq!(duration_words(600_000), "10 min");
        assert_eq!(duration_words(43_200_000), "12 h");
        assert_eq!(size_words(274_877_906_944), "256 GiB");
        assert_eq!(size_words(4_000_000_000), "4.0 GB");
    }
}
