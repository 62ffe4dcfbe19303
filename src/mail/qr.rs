//! QR codes of entry tickets, as a picture for mail and as a drawing for a page.
//!
//! It knows no ticket; callers give the text. Mail programs block SVG, hence the PNG.

use qrcode::render::svg;
use qrcode::{Color, EcLevel, QrCode};

/// The white margin in modules that readers need (ISO/IEC 18004).
const QUIET: usize = 4;
/// The side of a module in pixels. At one bit a pixel a module is one byte of a row, which
/// [`rows`] relies on.
const MODULE: usize = 8;

/// Why there is no code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QrError {
    /// The text is longer than a code holds.
    #[error("the text is too long for a QR code")]
    TooLong,
    /// The picture could not be written.
    #[error("the QR code could not be drawn")]
    Picture,
}

/// A code as a PNG of one bit a pixel.
///
/// # Errors
/// A text too long for a code.
pub fn png(payload: &str) -> Result<Vec<u8>, QrError> {
    let code = code(payload)?;
    let side = (code.width() + 2 * QUIET) * MODULE;
    let side = u32::try_from(side).map_err(|_wide| QrError::Picture)?;
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    encoder
        .write_header()
        .and_then(|mut writer| {
            writer.write_image_data(&rows(&code))?;
            writer.finish()
        })
        .map_err(|_failure| QrError::Picture)?;
    Ok(bytes)
}

/// A code as an SVG document.
///
/// # Errors
/// A text too long for a code.
pub fn svg(payload: &str) -> Result<String, QrError> {
    Ok(code(payload)?
        .render::<svg::Color<'_>>()
        .module_dimensions(8, 8)
        .quiet_zone(true)
        .build())
}

fn code(payload: &str) -> Result<QrCode, QrError> {
    QrCode::with_error_correction_level(payload, EcLevel::M).map_err(|_any| QrError::TooLong)
}

/// The pixels, a byte for each module of a row, each row as often as a module is high.
fn rows(code: &QrCode) -> Vec<u8> {
    const WHITE: u8 = 0xFF;
    const BLACK: u8 = 0x00;
    let width = code.width() + 2 * QUIET;
    let margin = vec![WHITE; width * QUIET * MODULE];
    let mut pixels = margin.clone();
    for modules in code.to_colors().chunks(code.width()) {
        let mut row = vec![WHITE; QUIET];
        row.extend(
            modules
                .iter()
                .map(|m| if *m == Color::Dark { BLACK } else { WHITE }),
        );
        row.resize(width, WHITE);
        for _line in 0..MODULE {
            pixels.extend_from_slice(&row);
        }
    }
    pixels.extend_from_slice(&margin);
    pixels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_has_a_quiet_zone_and_eight_pixels_a_module() {
        let bytes = png("kR3_ticket").unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(&bytes))
            .read_info()
            .unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        assert_eq!((info.width, info.height), (232, 232));
        assert_eq!(info.bit_depth, png::BitDepth::One);
        let row = info.line_size;
        assert!(pixels[..row * 32].iter().all(|byte| *byte == 0xFF));
        // The finder pattern: seven dark modules after four light ones.
        assert_eq!(
            pixels[row * 32..row * 32 + 12],
            [255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 255]
        );
        assert!(bytes.len() < 2_000);
    }

    #[test]
    fn the_drawing_is_svg_and_too_much_text_is_refused() {
        assert!(svg("kR3_ticket").unwrap().contains("<svg"));
        assert_eq!(png(&"x".repeat(5_000)), Err(QrError::TooLong));
        assert_eq!(svg(&"x".repeat(5_000)), Err(QrError::TooLong));
    }
}
