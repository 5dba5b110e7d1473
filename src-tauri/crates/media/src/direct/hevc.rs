//! `hvcC`: what the stream's one sequence parameter set says.

use scuffle_h265::{
    AspectRatioIdc, AspectRatioInfo, HEVCDecoderConfigurationRecord, NALUnitType, SpsNALUnit,
};

use super::{Picture, pixel_format};
use crate::boxes::PictureEntry;

pub(super) fn read(setup: &[u8], _: &PictureEntry) -> Option<Picture> {
    let record = HEVCDecoderConfigurationRecord::demux(setup).ok()?;
    let mut units = record
        .arrays
        .iter()
        .filter(|array| array.nal_unit_type == NALUnitType::SpsNut)
        .flat_map(|array| &array.nalus);
    let unit = units.next()?;
    if units.next().is_some() {
        return None;
    }
    let parameters = SpsNALUnit::parse(unit.as_ref()).ok()?.rbsp;
    let usability = parameters.vui_parameters.as_ref();
    let profile = &parameters.profile_tier_level.general_profile;
    let may_be_fields = profile.interlaced_source_flag
        || usability
            .is_some_and(|usability| usability.field_seq_flag || usability.frame_field_info_present_flag);
    if may_be_fields || parameters.separate_colour_plane_flag {
        return None;
    }
    let signal = usability.map(|usability| &usability.video_signal_type);
    let bit_depth = 8 + parameters.bit_depth_luma_minus8;
    Some(Picture {
        codec: "hevc",
        // As ffprobe names them.
        profile: match profile.profile_idc {
            1 => "Main",
            2 => "Main 10",
            4 => "Rext",
            _ => return None,
        },
        pixel_format: pixel_format(
            u32::from(parameters.chroma_format_idc),
            bit_depth,
            8 + parameters.bit_depth_chroma_minus8,
            signal.is_some_and(|signal| signal.video_full_range_flag),
        )?,
        bit_depth,
        width_px: u32::try_from(parameters.cropped_width()).ok()?,
        height_px: u32::try_from(parameters.cropped_height()).ok()?,
        pixel_shape: match usability.map(|usability| &usability.aspect_ratio_info) {
            None | Some(AspectRatioInfo::Predefined(AspectRatioIdc::Unspecified)) => None,
            Some(AspectRatioInfo::Predefined(AspectRatioIdc::Square)) => Some((1, 1)),
            Some(AspectRatioInfo::ExtendedSar {
                sar_width,
                sar_height,
            }) => Some((u32::from(*sar_width), u32::from(*sar_height))),
            Some(AspectRatioInfo::Predefined(_)) => return None,
        },
        transfer: signal.map(|signal| u16::from(signal.transfer_characteristics)),
    })
}
