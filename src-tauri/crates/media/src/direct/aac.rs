//! `esds`: AAC-LC, by far the most common sound. Anything else is left to ffprobe.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sound {
    pub channels: u16,
    pub sample_rate_hz: u32,
}

const SAMPLE_RATES_HZ: [u32; 13] = [
    96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350,
];
/// By channel configuration.
const CHANNELS: [u16; 8] = [0, 1, 2, 3, 4, 5, 6, 8];
/// At and below this, a decoder looks for a hidden second half of the band that doubles the rate.
const PLAIN_ABOVE_HZ: u32 = 24_000;

/// `descriptor`: the body of the box.
pub(super) fn read(descriptor: &[u8]) -> Option<Sound> {
    const STREAM: u8 = 3;
    const DECODER: u8 = 4;
    const SETUP: u8 = 5;
    const MPEG4_AUDIO: u8 = 0x40;
    let stream = tagged(descriptor.get(4..)?, STREAM)?;
    // An id, then flags for parts that hardly any file has.
    if stream.get(2)? & 0xE0 != 0 {
        return None;
    }
    let decoder = tagged(stream.get(3..)?, DECODER)?;
    if *decoder.first()? != MPEG4_AUDIO {
        return None;
    }
    audio_setup(tagged(decoder.get(13..)?, SETUP)?)
}

/// A descriptor: its tag, its length in up to four bytes of seven bits, its body.
fn tagged(bytes: &[u8], tag: u8) -> Option<&[u8]> {
    let (found, mut rest) = bytes.split_first()?;
    if *found != tag {
        return None;
    }
    let mut length = 0_usize;
    for _ in 0..4 {
        let (byte, after) = rest.split_first()?;
        rest = after;
        length = length << 7 | usize::from(byte & 0x7F);
        if byte & 0x80 == 0 {
            return rest.get(..length);
        }
    }
    None
}

/// Object type (5 bits), rate (4), channels (4), three flags, then perhaps the mark of a wider band.
fn audio_setup(setup: &[u8]) -> Option<Sound> {
    const LOW_COMPLEXITY: u8 = 2;
    const WIDER_BAND_MARK: u32 = 0x2B7;
    let [first, second] = *setup.first_chunk::<2>()?;
    let sample_rate_hz = *SAMPLE_RATES_HZ.get(usize::from((first & 7) << 1 | second >> 7))?;
    let channels = *CHANNELS.get(usize::from(second >> 3 & 0xF))?;
    let has_flags = second & 7 != 0;
    if first >> 3 != LOW_COMPLEXITY || has_flags || channels == 0 || sample_rate_hz <= PLAIN_ABOVE_HZ {
        return None;
    }
    if let Some([mark, object, present]) = setup.get(2..5) {
        let bits = u32::from(*mark) << 16 | u32::from(*object) << 8 | u32::from(*present);
        if bits >> 13 == WIDER_BAND_MARK && bits >> 7 & 1 == 1 {
            return None;
        }
    }
    Some(Sound {
        channels,
        sample_rate_hz,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As ffmpeg writes it: lengths in four bytes.
    fn descriptor(object_type: u8, setup: &[u8]) -> Vec<u8> {
        let long = |tag: u8, body: &[u8]| {
            let length = u8::try_from(body.len()).unwrap();
            [[tag, 0x80, 0x80, 0x80, length].as_slice(), body].concat()
        };
        let mut decoder = vec![object_type, 0x15];
        decoder.extend([0; 11]);
        decoder.extend(long(5, setup));
        let stream = [[0, 1, 0].as_slice(), &long(4, &decoder)].concat();
        [[0; 4].as_slice(), &long(3, &stream)].concat()
    }

    #[test]
    fn stereo_at_48_khz() {
        let sound = Sound {
            channels: 2,
            sample_rate_hz: 48_000,
        };
        assert_eq!(read(&descriptor(0x40, &[0x11, 0x90])), Some(sound));
        assert_eq!(
            read(&descriptor(0x40, &[0x11, 0x90, 0x56, 0xE5, 0x00])),
            Some(sound),
            "the mark says that there is no wider band"
        );
    }

    #[test]
    fn what_a_decoder_may_read_otherwise_is_left_to_it() {
        for (setup, why) in [
            (&[0x11, 0x90, 0x56, 0xE5, 0x80][..], "a wider band"),
            (&[0x2B, 0x92, 0x08, 0x00], "a wider band, said first"),
            (&[0x13, 0x10], "24 kHz"),
            (&[0x11, 0x80], "channels that stand elsewhere"),
            (&[0x11], "cut short"),
        ] {
            assert_eq!(read(&descriptor(0x40, setup)), None, "{why}");
        }
        assert_eq!(read(&descriptor(0x6B, &[0x11, 0x90])), None, "MP3");
    }

    #[test]
    fn lengths_that_lie_are_not_followed() {
        let mut bytes = descriptor(0x40, &[0x11, 0x90]);
        bytes[8] = 0x7F;
        assert_eq!(read(&bytes), None);
        assert_eq!(read(&[]), None);
    }
}
