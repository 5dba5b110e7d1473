//! Which hosts a file may be sent to.

use daypart_domain::problem::Problem;
use url::Url;

use crate::{codes, loopback::LoopbackBase};

/// The hosts that a platform's upload addresses may name. Checked when an address arrives and again each time it
/// is used, since it was kept in the vault in between.
#[derive(Debug, Clone)]
pub enum UploadHosts {
    /// `https` at any host below this domain, e.g. `tiktokapis.com`.
    Below(&'static str),
    /// The practice origin itself.
    Practice(LoopbackBase),
}

impl UploadHosts {
    /// # Errors
    /// `upload.foreign_host`, permanent: nothing is ever sent there.
    pub fn check(&self, platform: &str, address: &str) -> Result<Url, Problem> {
        let refused = || {
            Problem::permanent(
                codes::UPLOAD_HOST,
                format!("{platform} named an upload address outside its own hosts; nothing was sent."),
            )
            .fix("Check for a newer version of Daypart.")
        };
        let url = Url::parse(address).map_err(|_| refused())?;
        let allowed = match self {
            UploadHosts::Below(domain) => {
                url.scheme() == "https"
                    && url.port().is_none()
                    && url.username().is_empty()
                    && url.password().is_none()
                    && url
                        .host_str()
                        .and_then(|host| host.strip_suffix(domain))
                        .is_some_and(|left| left.ends_with('.') && left.len() > 1)
            }
            UploadHosts::Practice(base) => base.owns(&url),
        };
        if allowed { Ok(url) } else { Err(refused()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn real_uploads_stay_below_the_platforms_domain() {
        let hosts = UploadHosts::Below("tiktokapis.com");
        for good in [
            "https://open-upload.tiktokapis.com/video/?a=b",
            "https://upload.us.tiktokapis.com/x",
        ] {
            assert!(hosts.check("TikTok", good).is_ok(), "{good}");
        }
        for bad in [
            "http://open-upload.tiktokapis.com/",
            "https://tiktokapis.com.example/",
            "https://eviltiktokapis.com/",
            "https://.tiktokapis.com/",
            "https://x.tiktokapis.com:8443/",
            "https://x.tiktokapis.com@example.com/",
            "http://127.0.0.1:4000/tiktok/upload/1",
        ] {
            assert!(hosts.check("TikTok", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn practice_uploads_stay_at_the_practice_origin() {
        let base = LoopbackBase::parse("http://127.0.0.1:4000").unwrap();
        let hosts = UploadHosts::Practice(base);
        assert!(
            hosts
                .check("TikTok", "http://127.0.0.1:4000/tiktok/upload/1")
                .is_ok()
        );
        for bad in [
            "http://127.0.0.1:4001/",
            "https://open-upload.tiktokapis.com/",
            "http://10.0.0.1:4000/",
        ] {
            assert!(hosts.check("TikTok", bad).is_err(), "{bad}");
        }
    }
}
