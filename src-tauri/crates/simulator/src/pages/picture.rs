//! Pictures of practice accounts: PNG files made from a name, the same every time.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

const SIDE: usize = 120;
const CELLS: usize = 5;

/// A symmetric pattern of the name in one colour, as a PNG answer.
pub(crate) fn picture(name: &str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "image/png"),
        (header::CACHE_CONTROL, "max-age=7200"),
    ];
    (headers, png(name)).into_response()
}

fn png(name: &str) -> Vec<u8> {
    let seed = Sha256::digest(name);
    let ink = [60 + seed[29] / 2, 60 + seed[30] / 2, 60 + seed[31] / 2];
    let paper = [250, 243, 232];
    let cell = SIDE / (CELLS + 1);
    let margin = (SIDE - cell * CELLS) / 2;
    let mut raw = Vec::with_capacity((SIDE * 3 + 1) * SIDE);
    for y in 0..SIDE {
        raw.push(0);
        for x in 0..SIDE {
            let inside = |v: usize| v.checked_sub(margin).map(|v| v / cell).filter(|v| *v < CELLS);
            let filled = match (inside(x), inside(y)) {
                (Some(column), Some(row)) => seed[row * 3 + column.min(CELLS - 1 - column)] % 2 == 0,
                _ => false,
            };
            raw.extend_from_slice(if filled { &ink } else { &paper });
        }
    }
    let side = SIDE as u32;
    let mut header = Vec::new();
    header.extend_from_slice(&side.to_be_bytes());
    header.extend_from_slice(&side.to_be_bytes());
    header.extend_from_slice(&[8, 2, 0, 0, 0]);
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut out, b"IHDR", &header);
    chunk(&mut out, b"IDAT", &stored_zlib(&raw));
    chunk(&mut out, b"IEND", &[]);
    out
}

fn chunk(out: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) {
    out.extend_from_slice(&(data.len() as u32).to_be_bytes());
    let start = out.len();
    out.extend_from_slice(kind);
    out.extend_from_slice(data);
    let crc = crc32(&out[start..]);
    out.extend_from_slice(&crc.to_be_bytes());
}

/// zlib with stored (uncompressed) blocks: larger, but needs no compressor.
fn stored_zlib(raw: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let mut blocks = raw.chunks(65_535).peekable();
    while let Some(block) = blocks.next() {
        out.push(u8::from(blocks.peek().is_none()));
        let length = block.len() as u16;
        out.extend_from_slice(&length.to_le_bytes());
        out.extend_from_slice(&(!length).to_le_bytes());
        out.extend_from_slice(block);
    }
    let (mut a, mut b) = (1_u32, 0_u32);
    for byte in raw {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    out.extend_from_slice(&(b << 16 | a).to_be_bytes());
    out
}

fn crc32(data: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in data {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 {
                crc >> 1 ^ 0xEDB8_8320
            } else {
                crc >> 1
            };
        }
    }
    !crc
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_one_of_the_standard() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    }
}
