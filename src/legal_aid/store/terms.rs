//! The lists a request chooses from: fields of law, forms of legal aid, categories of
//! beneficiaries. They are rows, because the Ministry publishes them anew (`domain.md` §4.1).

use diesel::prelude::*;

use crate::db::schema::legal_aid_terms as terms;
use crate::db::{self, Conn};
use crate::kernel::error::Check;
use crate::kernel::text_enum::text_enum;
use crate::legal_aid::model::PaperKind;

text_enum! {
    /// A list.
    pub(in crate::legal_aid) enum List {
        /// Lĩnh vực.
        Field = "field",
        /// Hình thức.
        Form = "form",
        /// Diện người được trợ giúp.
        Category = "category",
    }
}

/// An entry of a list.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = terms)]
pub(in crate::legal_aid) struct Term {
    pub(in crate::legal_aid) list: List,
    pub(in crate::legal_aid) code: String,
    pub(in crate::legal_aid) vi: String,
    pub(in crate::legal_aid) en: String,
    pub(in crate::legal_aid) source: String,
    papers: String,
}

impl Term {
    /// The papers that whoever is of this category shows, in order.
    pub(in crate::legal_aid) fn papers(&self) -> Vec<PaperKind> {
        let words = self.papers.split_whitespace();
        words.filter_map(PaperKind::parse).collect()
    }
}

/// All lists, loaded.
#[derive(Debug, Clone)]
pub(in crate::legal_aid) struct Terms(Vec<Term>);

impl Terms {
    /// The entry of a code.
    pub(in crate::legal_aid) fn find(&self, list: List, code: &str) -> Option<&Term> {
        let mut all = self.0.iter();
        all.find(|term| term.list == list && term.code == code)
    }

    /// The entries of a list, in their order.
    pub(in crate::legal_aid) fn of(&self, list: List) -> impl Iterator<Item = &Term> {
        self.0.iter().filter(move |term| term.list == list)
    }

    /// A code that must be of its list, where one is given.
    pub(in crate::legal_aid) fn require(&self, check: &mut Check, list: List, code: Option<&str>) {
        let pointer = match list {
            List::Field => "/field",
            List::Form => "/form_wanted",
            List::Category => "/category",
        };
        if let Some(code) = code {
            let is_known = self.find(list, code).is_some();
            check.rule(is_known, pointer, "unknown-reference");
        }
    }

    /// The papers that a category shows beside the request form.
    pub(in crate::legal_aid) fn papers(&self, category: Option<&str>) -> Vec<PaperKind> {
        let term = category.and_then(|code| self.find(List::Category, code));
        term.map(Term::papers).unwrap_or_default()
    }
}

/// The entries in use.
pub(in crate::legal_aid) fn load(conn: &mut Conn) -> db::Result<Terms> {
    let rows = terms::table
        .filter(terms::is_active.eq(true))
        .order((terms::list, terms::position))
        .select(Term::as_select())
        .load(conn)?;
    Ok(Terms(rows))
}
