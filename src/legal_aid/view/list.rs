//! The lists a request chooses from, on the wire.

use serde::Serialize;

use crate::kernel::Language;
use crate::legal_aid::model::PaperKind;
use crate::legal_aid::store::terms::Term;

/// An entry of a list.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::legal_aid) struct LegalAidTermView {
    code: String,
    /// In the caller's language.
    name: String,
    vi: String,
    en: String,
    /// What the list comes from.
    source: String,
    /// The papers whoever is of this category shows.
    papers: Vec<PaperKind>,
}

/// A list, whole.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::legal_aid) struct LegalAidTermsView {
    items: Vec<LegalAidTermView>,
}

impl LegalAidTermsView {
    /// A list.
    pub(in crate::legal_aid) fn of(language: Language, terms: &[&Term]) -> Self {
        let items = terms.iter().map(|term| LegalAidTermView {
            code: term.code.clone(),
            name: language.pick(&term.vi, &term.en).clone(),
            vi: term.vi.clone(),
            en: term.en.clone(),
            source: term.source.clone(),
            papers: term.papers(),
        });
        Self {
            items: items.collect(),
        }
    }
}
