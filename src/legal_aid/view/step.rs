//! The bodies of the steps of a request.

use chrono::NaiveDate;
use serde::Deserialize;

use crate::identity::UserId;
use crate::kernel::error::{Check, Fault};
use crate::legal_aid::model::{DocumentId, PaperKind, Redirection, Wanted};
use crate::legal_aid::service::step::Recorded;
use crate::office::safe_contact::SpokenHow;

/// The most letters of a note.
const NOTE_MAX: usize = 2000;
/// The most papers wanted at once.
const WANTED_MAX: usize = 20;

/// A day something happened on: none to come.
pub(super) fn past_day(check: &mut Check, pointer: &str, day: Option<NaiveDate>, today: NaiveDate) {
    if let Some(day) = day {
        check.day(pointer, day);
        check.rule(day <= today, pointer, "in-the-future");
    }
}

/// The note and the paper of a step.
pub(super) fn recorded(
    check: &mut Check,
    note: Option<&str>,
    document: Option<DocumentId>,
) -> Recorded {
    Recorded {
        note: check.block_opt("/note", note, NOTE_MAX),
        document,
    }
}

/// What may be noted with a step.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::legal_aid) struct LegalAidNoteBody {
    /// A note for staff; kept sealed.
    #[schema(max_length = 2000)]
    note: Option<String>,
    /// The paper that shows it, one of the request's.
    #[schema(value_type = Option<uuid::Uuid>)]
    document: Option<DocumentId>,
}

impl LegalAidNoteBody {
    /// The note.
    pub(in crate::legal_aid) fn read(&self) -> Result<Recorded, Fault> {
        let mut check = Check::new();
        let recorded = recorded(&mut check, self.note.as_deref(), self.document);
        check.done()?;
        Ok(recorded)
    }
}

/// A step that wants a reason.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::legal_aid) struct LegalAidReasonBody {
    /// Why; kept sealed.
    #[schema(
        example = "Trung tâm đề nghị làm rõ nội dung yêu cầu.",
        max_length = 2000
    )]
    reason: String,
    /// The paper that shows it, one of the request's.
    #[schema(value_type = Option<uuid::Uuid>)]
    document: Option<DocumentId>,
}

impl LegalAidReasonBody {
    /// The reason.
    pub(in crate::legal_aid) fn read(&self) -> Result<Recorded, Fault> {
        let mut check = Check::new();
        let note = check.block("/reason", &self.reason, NOTE_MAX);
        check.done()?;
        Ok(Recorded {
            note: Some(note),
            document: self.document,
        })
    }
}

/// A paper that is wanted.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::legal_aid) struct WantedPaperBody {
    /// Which.
    kind: PaperKind,
    /// In plain words for the family, where the kind does not say it.
    #[schema(max_length = 300)]
    words: Option<String>,
}

/// Which papers are wanted of the family.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::legal_aid) struct RequestSupplementBody {
    /// All that is wanted now; an older list no longer counts.
    #[schema(min_items = 1, max_items = 20)]
    wanted: Vec<WantedPaperBody>,
    /// A note for staff; kept sealed.
    #[schema(max_length = 2000)]
    note: Option<String>,
}

impl RequestSupplementBody {
    /// The papers, and the note.
    pub(in crate::legal_aid) fn read(self) -> Result<(Vec<Wanted>, Recorded), Fault> {
        let mut check = Check::new();
        let is_fit = (1..=WANTED_MAX).contains(&self.wanted.len());
        check.rule(is_fit, "/wanted", "out-of-range");
        let papers = self.wanted.into_iter().take(WANTED_MAX).enumerate();
        let mut wanted: Vec<Wanted> = Vec::new();
        for (index, paper) in papers {
            let at = format!("/wanted/{index}");
            let words = check.line_opt(&format!("{at}/words"), paper.words.as_deref(), 300);
            // What the kind does not say, and each of several of one kind, is said in words.
            let is_told = words.is_some() || paper.kind != PaperKind::Other;
            check.rule(is_told, format!("{at}/words"), "required");
            let is_theirs = paper.kind.is_of_family();
            check.rule(is_theirs, format!("{at}/kind"), "not-of-a-family");
            let one = Wanted {
                kind: paper.kind,
                words,
            };
            check.rule(!wanted.contains(&one), at, "repeated");
            wanted.push(one);
        }
        let recorded = recorded(&mut check, self.note.as_deref(), None);
        check.done()?;
        Ok((wanted, recorded))
    }
}

/// What is handed in beside papers.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::legal_aid) struct SupplementBody {
    /// Whether what is still missing will follow.
    papers_to_follow: bool,
    /// In words; kept sealed.
    #[schema(max_length = 2000)]
    note: Option<String>,
}

impl SupplementBody {
    /// Whether the rest follows, and the note.
    pub(in crate::legal_aid) fn read(&self) -> Result<(bool, Recorded), Fault> {
        let mut check = Check::new();
        let recorded = recorded(&mut check, self.note.as_deref(), None);
        check.done()?;
        Ok((self.papers_to_follow, recorded))
    }
}

/// How it ended.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::legal_aid) struct LegalAidOutcomeBody {
    /// What came of it, which the family reads.
    #[schema(
        example = "Đã được tư vấn và hướng dẫn đăng ký khai sinh quá hạn.",
        max_length = 2000
    )]
    outcome: String,
    /// A note for staff; kept sealed.
    #[schema(max_length = 2000)]
    note: Option<String>,
    /// The paper that shows it, one of the request's.
    #[schema(value_type = Option<uuid::Uuid>)]
    document: Option<DocumentId>,
}

impl LegalAidOutcomeBody {
    /// The outcome and the note.
    pub(in crate::legal_aid) fn read(&self) -> Result<(String, Recorded), Fault> {
        let mut check = Check::new();
        let outcome = check.block("/outcome", &self.outcome, NOTE_MAX);
        let recorded = recorded(&mut check, self.note.as_deref(), self.document);
        check.done()?;
        Ok((outcome, recorded))
    }
}

/// Which way the family is shown.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::legal_aid) struct LegalAidRedirectBody {
    /// Where to, which the family reads.
    #[schema(example = "Bộ phận hộ tịch của phường", max_length = 300)]
    to: String,
    /// What was advised, which the family reads.
    #[schema(max_length = 2000)]
    advice: Option<String>,
    /// A note for staff; kept sealed.
    #[schema(max_length = 2000)]
    note: Option<String>,
}

impl LegalAidRedirectBody {
    /// The way and the note.
    pub(in crate::legal_aid) fn read(&self) -> Result<(Redirection, Recorded), Fault> {
        let mut check = Check::new();
        let redirection = Redirection {
            to: check.line("/to", &self.to, 300),
            advice: check.block_opt("/advice", self.advice.as_deref(), NOTE_MAX),
        };
        let recorded = recorded(&mut check, self.note.as_deref(), None);
        check.done()?;
        Ok((redirection, recorded))
    }
}

/// Why a family takes its request back; it need not say.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::legal_aid) struct LegalAidWithdrawBody {
    /// In its own words; kept sealed.
    #[schema(max_length = 2000)]
    reason: Option<String>,
}

impl LegalAidWithdrawBody {
    /// The reason.
    pub(in crate::legal_aid) fn read(&self) -> Result<Option<String>, Fault> {
        let mut check = Check::new();
        let reason = check.block_opt("/reason", self.reason.as_deref(), NOTE_MAX);
        check.done()?;
        Ok(reason)
    }
}

/// Why a request stays as it is.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::legal_aid) struct LegalAidKeepBody {
    /// By which safe way the family was asked; staff say it, a family need not.
    how: Option<SpokenHow>,
    /// In words; kept sealed.
    #[schema(max_length = 2000)]
    note: Option<String>,
}

impl LegalAidKeepBody {
    /// The way, and the note.
    pub(in crate::legal_aid) fn read(&self) -> Result<(Option<SpokenHow>, Recorded), Fault> {
        let mut check = Check::new();
        let recorded = recorded(&mut check, self.note.as_deref(), None);
        check.done()?;
        Ok((self.how, recorded))
    }
}

/// How the family was asked whether it means it.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::legal_aid) struct ConfirmWithdrawalBody {
    /// By which safe way.
    how: SpokenHow,
    /// How the Centre was told; wanted where it has the request.
    #[schema(max_length = 300)]
    centre_told: Option<String>,
    /// A note for staff; kept sealed.
    #[schema(max_length = 2000)]
    note: Option<String>,
}

impl ConfirmWithdrawalBody {
    /// The way, how the Centre was told, and the note.
    pub(in crate::legal_aid) fn read(
        &self,
    ) -> Result<(SpokenHow, Option<String>, Recorded), Fault> {
        let mut check = Check::new();
        let told = check.line_opt("/centre_told", self.centre_told.as_deref(), 300);
        let recorded = recorded(&mut check, self.note.as_deref(), None);
        check.done()?;
        Ok((self.how, told, recorded))
    }
}

/// A conflict of interest.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::legal_aid) struct DeclareConflictBody {
    /// Whose; without one, the caller's. A supervisor may say another's.
    #[schema(value_type = Option<uuid::Uuid>)]
    user: Option<UserId>,
    /// Why; kept sealed.
    #[schema(max_length = 2000)]
    reason: String,
}

impl DeclareConflictBody {
    /// Whose, and why.
    pub(in crate::legal_aid) fn read(&self, caller: UserId) -> Result<(UserId, String), Fault> {
        let mut check = Check::new();
        let reason = check.block("/reason", &self.reason, NOTE_MAX);
        check.done()?;
        Ok((self.user.unwrap_or(caller), reason))
    }
}
