//! A QR code as rectangles.

use qrcode::{Color, EcLevel, QrCode};

use super::Unrevisable;

/// How many modules around it stay white, as readers expect.
pub(super) const QUIET: usize = 4;

/// A code: how many modules a side has, and the rectangles that are dark.
pub(super) struct Code {
    pub side: usize,
    pub dark: Vec<Rectangle>,
}

/// In modules, from the upper left.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Rectangle {
    pub left: usize,
    pub top: usize,
    pub width: usize,
    pub height: usize,
}

/// Of that text. A quarter of it may be spoilt; a third, where that makes it no larger.
pub(super) fn code(text: &str) -> Result<Code, Unrevisable> {
    let of = |level| QrCode::with_error_correction_level(text, level);
    let mut code = of(EcLevel::Q).map_err(|_| Unrevisable::TooLong)?;
    if let Ok(stronger) = of(EcLevel::H)
        && stronger.version() == code.version()
    {
        code = stronger;
    }
    Ok(Code { side: code.width(), dark: rectangles(&code) })
}

/// Runs of dark modules, and one rectangle for those that are alike in rows after each other.
fn rectangles(code: &QrCode) -> Vec<Rectangle> {
    let side = code.width();
    let (mut done, mut open): (Vec<Rectangle>, Vec<Rectangle>) = (Vec::new(), Vec::new());
    for top in 0..side {
        let mut still_open = Vec::new();
        let mut left = 0;
        while left < side {
            let width = (left..side).take_while(|column| code[(*column, top)] == Color::Dark).count();
            if width > 0 {
                let above = open.iter().position(|above| above.left == left && above.width == width);
                still_open.push(match above {
                    Some(above) => {
                        let above = open.swap_remove(above);
                        Rectangle { height: above.height + 1, ..above }
                    }
                    None => Rectangle { left, top, width, height: 1 },
                });
            }
            left += width.max(1);
        }
        done.append(&mut open);
        open = still_open;
    }
    done.append(&mut open);
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rectangles_are_the_modules() {
        let text = "https://example.org/v/0123456789abcdefghijkl";
        let code = QrCode::with_error_correction_level(text, EcLevel::Q).expect("a code");
        let mut drawn = vec![vec![0; code.width()]; code.width()];
        for rectangle in rectangles(&code) {
            for row in &mut drawn[rectangle.top..rectangle.top + rectangle.height] {
                row[rectangle.left..rectangle.left + rectangle.width].iter_mut().for_each(|module| *module += 1);
            }
        }
        for (top, row) in drawn.iter().enumerate() {
            for (left, module) in row.iter().enumerate() {
                assert_eq!(*module, i32::from(code[(left, top)] == Color::Dark), "{left}, {top}");
            }
        }
    }

    #[test]
    fn what_no_code_holds_is_too_long() {
        assert_eq!(code(&"x".repeat(3000)).err(), Some(Unrevisable::TooLong));
    }
}
