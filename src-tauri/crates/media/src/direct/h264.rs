//! `avcC`: what the stream's one sequence parameter set says.

use h264_reader::{
    avcc::AvcDecoderConfigurationRecord,
    nal::{
        Nal as _, RefNal,
        sps::{FrameMbsFlags, SeqParameterSet},
    },
};

use super::{Picture, pixel_format};
use crate::boxes::PictureEntry;

pub(super) fn read(setup: &[u8], entry: &PictureEntry) -> Option<Picture> {
    let record = AvcDecoderConfigurationRecord::try_from(setup).ok()?;
    if record.num_of_sequence_parameter_sets() != 1 {
        return None;
    }
    let unit = record.sequence_parameter_sets().next()?.ok()?;
    let parameters = SeqParameterSet::from_bits(RefNal::new(unit, &[], true).rbsp_bits()).ok()?;
    if parameters.frame_mbs_flags != FrameMbsFlags::Frames
        || parameters.chroma_info.separate_colour_plane_flag
    {
        // Fields: whether the footage is interlaced stands in each picture.
        return None;
    }
    let (width_px, height_px) = parameters.pixel_dimensions().ok()?;
    let usability = parameters.vui_parameters.as_ref();
    let signal = usability.and_then(|usability| usability.video_signal_type.as_ref());
    let full_range = match signal {
        Some(signal) => signal.video_full_range_flag,
        None => entry.colour.and_then(|colour| colour.full_range).unwrap_or(false),
    };
    let chroma = &parameters.chroma_info;
    let bit_depth = 8 + chroma.bit_depth_luma_minus8;
    Some(Picture {
        codec: "h264",
        profile: profile(&parameters)?,
        pixel_format: pixel_format(
            chroma.chroma_format.to_u32(),
            bit_depth,
            8 + chroma.bit_depth_chroma_minus8,
            full_range,
        )?,
        bit_depth,
        width_px,
        height_px,
        pixel_shape: usability
            .and_then(|usability| usability.aspect_ratio_info.as_ref()?.get())
            .map(|(width, height)| (u32::from(width), u32::from(height))),
        transfer: signal
            .and_then(|signal| signal.colour_description.as_ref())
            .map(|description| u16::from(description.transfer_characteristics)),
    })
}

/// As ffprobe names them.
fn profile(parameters: &SeqParameterSet) -> Option<&'static str> {
    let constraints = parameters.constraint_flags;
    Some(match (u8::from(parameters.profile_idc), constraints.flag3()) {
        (66, _) if constraints.flag1() => "Constrained Baseline",
        (66, _) => "Baseline",
        (77, _) => "Main",
        (100, _) => "High",
        (110, false) => "High 10",
        (110, true) => "High 10 Intra",
        (122, false) => "High 4:2:2",
        (122, true) => "High 4:2:2 Intra",
        _ => return None,
    })
}
