use daypart_domain::transcode_plan::{
    EncodeWish as DomainEncode, Quality as DomainQuality, Sharing as DomainSharing, Wishes as DomainWishes,
};

use crate::{EncodeWish, Quality, Sharing, Wishes};

impl From<Wishes> for DomainWishes {
    fn from(wishes: Wishes) -> Self {
        let Wishes {
            encode,
            sharing,
            quality,
            keeps_metadata,
        } = wishes;
        Self {
            encode: match encode {
                EncodeWish::WhenNeeded => DomainEncode::WhenNeeded,
                EncodeWish::Always => DomainEncode::Always,
                EncodeWish::Never => DomainEncode::Never,
            },
            sharing: match sharing {
                Sharing::Fewest => DomainSharing::Fewest,
                Sharing::KeepDetail => DomainSharing::KeepDetail,
            },
            quality: match quality {
                Quality::Smaller => DomainQuality::Smaller,
                Quality::Standard => DomainQuality::Standard,
                Quality::Best => DomainQuality::Best,
            },
            keeps_metadata,
            // The machine's, never the post's.
            hardware: None,
        }
    }
}

impl From<DomainWishes> for Wishes {
    fn from(wishes: DomainWishes) -> Self {
        let DomainWishes {
            encode,
            sharing,
            quality,
            keeps_metadata,
            hardware: _,
        } = wishes;
        Self {
            encode: match encode {
                DomainEncode::WhenNeeded => EncodeWish::WhenNeeded,
                DomainEncode::Always => EncodeWish::Always,
                DomainEncode::Never => EncodeWish::Never,
            },
            sharing: match sharing {
                DomainSharing::Fewest => Sharing::Fewest,
                DomainSharing::KeepDetail => Sharing::KeepDetail,
            },
            quality: match quality {
                DomainQuality::Smaller => Quality::Smaller,
                DomainQuality::Standard => Quality::Standard,
                DomainQuality::Best => Quality::Best,
            },
            keeps_metadata,
        }
    }
}
