//! The two languages the service speaks.

use super::text_enum::text_enum;

text_enum! {
    /// A language of answers and mails.
    #[derive(Default)]
    pub enum Language {
        /// Vietnamese, the default.
        #[default]
        Vi = "vi",
        /// English.
        En = "en",
    }
}

impl Language {
    /// The language an `Accept-Language` header prefers; Vietnamese where it names neither.
    pub fn accepted(header: &str) -> Self {
        let mut best = (Self::Vi, 0.0_f32);
        for part in header.split(',').take(32) {
            let mut pieces = part.trim().split(';');
            let tag = pieces
                .next()
                .unwrap_or_default()
                .trim()
                .to_ascii_lowercase();
            let weight = pieces
                .find_map(|piece| piece.trim().strip_prefix("q="))
                .map_or(1.0, |q| q.parse().unwrap_or(0.0));
            let language = match tag.split('-').next() {
                Some("vi") => Self::Vi,
                Some("en") => Self::En,
                _ => continue,
            };
            if weight > best.1 {
                best = (language, weight);
            }
        }
        best.0
    }

    /// The one of two texts that is in this language.
    pub fn pick<T>(self, vi: T, en: T) -> T {
        match self {
            Self::Vi => vi,
            Self::En => en,
        }
    }
}
