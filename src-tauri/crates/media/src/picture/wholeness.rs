//! Whether a picture reaches its end, without decoding it. Decoders paint what is missing grey and say nothing.

use std::{
    fs::File,
    io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom},
    path::Path,
};

use daypart_domain::picture_info::PictureFormat;

const END_OF_JPEG: u8 = 0xD9;
const START_OF_SCAN: u8 = 0xDA;

/// How many bytes stand before the pixels; `None` when the end of the picture is missing.
pub(super) fn header_bytes(path: &Path, format: PictureFormat, size_bytes: u64) -> io::Result<Option<u64>> {
    let mut reader = BufReader::new(File::open(path)?);
    let found = match format {
        PictureFormat::Jpeg => jpeg(&mut reader),
        PictureFormat::Png => png(&mut reader, size_bytes),
        PictureFormat::Webp => webp(&mut reader, size_bytes),
        PictureFormat::Heic | PictureFormat::Avif => Ok(Some(0)),
    };
    match found {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        found => found,
    }
}

/// Segments up to the first scan, then its end mark; previews that cameras embed stand within segments.
fn jpeg(reader: &mut BufReader<File>) -> io::Result<Option<u64>> {
    reader.seek(SeekFrom::Start(2))?;
    loop {
        let mut byte = read_byte(reader)?;
        while byte != 0xFF {
            byte = read_byte(reader)?;
        }
        while byte == 0xFF {
            byte = read_byte(reader)?;
        }
        if byte == END_OF_JPEG {
            return Ok(None);
        }
        // Marks without a length.
        if matches!(byte, 0x00 | 0x01 | 0xD0..=0xD8) {
            continue;
        }
        let mut length = [0; 2];
        reader.read_exact(&mut length)?;
        let rest_bytes = i64::from(u16::from_be_bytes(length)).saturating_sub(2).max(0);
        reader.seek_relative(rest_bytes)?;
        if byte == START_OF_SCAN {
            break;
        }
    }
    let header_bytes = reader.stream_position()?;
    Ok(has_end_mark(reader)?.then_some(header_bytes))
}

fn has_end_mark(reader: &mut BufReader<File>) -> io::Result<bool> {
    let mut after_ff = false;
    loop {
        let block = reader.fill_buf()?;
        if block.is_empty() {
            return Ok(false);
        }
        for byte in block {
            if after_ff && *byte == END_OF_JPEG {
                return Ok(true);
            }
            after_ff = *byte == 0xFF;
        }
        let length = block.len();
        reader.consume(length);
    }
}

/// Chunks up to `IEND`, each checked against the file's size by its length alone.
fn png(reader: &mut BufReader<File>, size_bytes: u64) -> io::Result<Option<u64>> {
    let mut header_bytes = None;
    let mut at = 8;
    loop {
        reader.seek(SeekFrom::Start(at))?;
        let mut head = [0; 8];
        reader.read_exact(&mut head)?;
        let [a, b, c, d, name @ ..] = head;
        let end = at + 12 + u64::from(u32::from_be_bytes([a, b, c, d]));
        if &name == b"IDAT" {
            header_bytes.get_or_insert(at);
        }
        if end > size_bytes {
            return Ok(None);
        }
        if &name == b"IEND" {
            return Ok(Some(header_bytes.unwrap_or(at)));
        }
        at = end;
    }
}

fn webp(reader: &mut BufReader<File>, size_bytes: u64) -> io::Result<Option<u64>> {
    let mut head = [0; 8];
    reader.read_exact(&mut head)?;
    let [.., a, b, c, d] = head;
    let claimed_bytes = u64::from(u32::from_le_bytes([a, b, c, d])) + 8;
    // The last byte of an odd chunk is padding that some writers leave out.
    Ok((claimed_bytes <= size_bytes + 1).then_some(0))
}

fn read_byte(reader: &mut BufReader<File>) -> io::Result<u8> {
    let mut byte = [0];
    reader.read_exact(&mut byte)?;
    Ok(byte[0])
}
