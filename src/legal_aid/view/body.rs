//! What is said of a request: the same fields for a new one and for changes, absent keeps and
//! `null` clears, so that a draft can be left and taken up again.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::identity::UserId;
use crate::kernel::error::{Check, Fault};
use crate::kernel::{Language, Patch};
use crate::legal_aid::clock::Urgency;
use crate::legal_aid::model::{
    Child, IntakeChannel, Relation, Request, Requester, Sex, SignedBy, UrgencyLevel, UrgencyReason,
};
use crate::legal_aid::service::draft::Fields;
use crate::legal_aid::store::terms::{List, Terms};
use crate::office::circumstance::Circumstance;
use crate::office::safe_contact::{Channels, SpokenHow};

/// The most letters of a summary.
const SUMMARY_MAX: usize = 8000;

/// Who asks.
#[derive(Debug, Clone, Default, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::legal_aid) struct LegalAidRequesterPatch {
    /// The name; a family's own request begins with the account's.
    #[schema(value_type = Option<String>, example = "Nguyễn Thị Đào", max_length = 200)]
    name: Patch<String>,
    /// Who that is, seen from the child: `self` where the child asks alone.
    #[schema(value_type = Option<Relation>)]
    relation: Patch<Relation>,
    /// A phone; a family's own request begins with the account's.
    #[schema(value_type = Option<String>, example = "0912 345 678")]
    phone: Patch<String>,
    /// An address for mail; a family's own request begins with the account's.
    #[schema(value_type = Option<String>, example = "dao.nguyen@example.vn", max_length = 254)]
    email: Patch<String>,
    /// Where they live.
    #[schema(value_type = Option<String>, example = "Số 5, ngõ 12, phường Lê Chân", max_length = 300)]
    address: Patch<String>,
    /// The channels that are safe, all of them.
    #[schema(value_type = Option<Channels>)]
    safe_contact: Patch<Channels>,
    /// How staff learnt from the person that the channels are safe; they alone say it. Until then
    /// none of them is used, save for a first contact.
    confirmed_how: Option<SpokenHow>,
}

/// The child.
#[derive(Debug, Clone, Default, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::legal_aid) struct LegalAidChildPatch {
    /// The name.
    #[schema(value_type = Option<String>, example = "Trần Gia Hân", max_length = 200)]
    name: Patch<String>,
    /// The day of birth; a child that was found may have no known one.
    #[schema(value_type = Option<NaiveDate>, example = "2018-05-04")]
    birth_date: Patch<NaiveDate>,
    /// The sex.
    #[schema(value_type = Sex)]
    sex: Patch<Sex>,
    /// The special circumstances, all of them (Law on Children, Article 10).
    #[schema(value_type = Vec<Circumstance>)]
    special_circumstances: Patch<Vec<Circumstance>>,
}

/// How it was written down for whoever cannot write, or called.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::legal_aid) struct LegalAidAssistedEntryBody {
    /// Whether it was read back; it must be, before it is handed in.
    read_back: bool,
    /// How it was signed.
    signed_by: SignedBy,
}

/// How much it presses. A hearing or the end of a limitation period within five working days
/// presses by itself.
#[derive(Debug, Clone, Default, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::legal_aid) struct LegalAidUrgencyBody {
    /// How much; `urgent` wants a reason.
    #[schema(value_type = UrgencyLevel)]
    level: Patch<UrgencyLevel>,
    /// Why.
    #[schema(value_type = Option<UrgencyReason>)]
    reason: Patch<UrgencyReason>,
    /// The last day of the limitation period.
    #[schema(value_type = Option<NaiveDate>)]
    limitation_date: Patch<NaiveDate>,
    /// The day of the hearing.
    #[schema(value_type = Option<NaiveDate>)]
    hearing_date: Patch<NaiveDate>,
}

/// A request, new or changed: absent keeps, `null` clears.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::legal_aid) struct LegalAidRequestBody {
    /// How it came; a family's own is `electronic`.
    #[schema(value_type = IntakeChannel)]
    channel: Patch<IntakeChannel>,
    /// The requester's language.
    #[schema(value_type = Language)]
    language: Patch<Language>,
    /// Who asks.
    requester: LegalAidRequesterPatch,
    /// For which child.
    child: LegalAidChildPatch,
    /// The beneficiary's category, of `/legal-aid/categories`.
    #[schema(value_type = Option<String>, example = "child", max_length = 60)]
    category: Patch<String>,
    /// The field of law, of `/legal-aid/fields`.
    #[schema(value_type = Option<String>, example = "birth_registration", max_length = 60)]
    field: Patch<String>,
    /// The form of legal aid, of `/legal-aid/forms`.
    #[schema(value_type = Option<String>, example = "legal_advice", max_length = 60)]
    form_wanted: Patch<String>,
    /// What it is about, in the requester's words.
    #[schema(value_type = Option<String>, max_length = 8000)]
    summary: Patch<String>,
    /// How it was written down for whoever cannot write, or called; staff say it.
    #[schema(value_type = Option<LegalAidAssistedEntryBody>)]
    assisted_entry: Patch<LegalAidAssistedEntryBody>,
    /// How much it presses.
    #[schema(value_type = Option<LegalAidUrgencyBody>)]
    urgency: Patch<LegalAidUrgencyBody>,
    /// Whether it goes on though papers are missing.
    #[schema(value_type = bool)]
    papers_to_follow: Patch<bool>,
    /// Who of the ward sees to it; staff say it.
    #[schema(value_type = Option<uuid::Uuid>)]
    assignee: Patch<UserId>,
}

impl LegalAidRequestBody {
    /// The request's fields with these laid over them; every broken rule at once.
    pub(in crate::legal_aid) fn over(
        self,
        old: &Request,
        terms: &Terms,
        (is_own, today): (bool, NaiveDate),
    ) -> Result<Fields, Fault> {
        let mut check = Check::new();
        if is_own {
            self.refuse_staffs(&mut check);
        }
        let entry = old.secret.assisted_entry.as_ref();
        let entry = entry.map(|entry| (entry.read_back, entry.signed_by));
        let (channels, how, requester) = self.requester.over(&mut check, old);
        let child_sex = check.kept("/child/sex", self.child.sex.clone());
        let fields = Fields {
            channel: check.kept("/channel", self.channel).unwrap_or(old.channel),
            language: check
                .kept("/language", self.language)
                .unwrap_or(old.language),
            category: line(
                &mut check,
                "/category",
                self.category,
                old.category.clone(),
                60,
            ),
            field: line(&mut check, "/field", self.field, old.field.clone(), 60),
            form_wanted: line(
                &mut check,
                "/form_wanted",
                self.form_wanted,
                old.form_wanted.clone(),
                60,
            ),
            child_sex: child_sex.unwrap_or(old.child_sex),
            has_papers_to_follow: check
                .kept("/papers_to_follow", self.papers_to_follow)
                .unwrap_or(old.has_papers_to_follow),
            assignee: self.assignee.over(old.assignee_id),
            urgency: urgency(&mut check, self.urgency, old.clock.urgency),
            requester,
            channels: (channels, how),
            child: self.child.over(&mut check, &old.secret.child, today),
            summary: match self.summary.changed() {
                None => old.secret.summary.clone(),
                Some(text) => check.block_opt("/summary", text.as_deref(), SUMMARY_MAX),
            },
            assisted_entry: self
                .assisted_entry
                .map(|body| (body.read_back, body.signed_by))
                .over(entry),
        };
        terms.require(&mut check, List::Category, fields.category.as_deref());
        terms.require(&mut check, List::Field, fields.field.as_deref());
        terms.require(&mut check, List::Form, fields.form_wanted.as_deref());
        check.done()?;
        Ok(fields)
    }

    /// What staff alone say.
    fn refuse_staffs(&self, check: &mut Check) {
        let is_own = [
            (self.channel == Patch::Keep, "/channel"),
            (
                matches!(self.assisted_entry, Patch::Keep),
                "/assisted_entry",
            ),
            (self.assignee == Patch::Keep, "/assignee"),
            (
                self.requester.confirmed_how.is_none(),
                "/requester/confirmed_how",
            ),
        ];
        for (holds, pointer) in is_own {
            check.rule(holds, pointer, "not-yours-to-set");
        }
    }
}

impl LegalAidRequesterPatch {
    fn over(self, check: &mut Check, old: &Request) -> (Channels, Option<SpokenHow>, Requester) {
        let was = old.secret.requester.clone();
        let channels = match self.safe_contact {
            Patch::Keep => was.safe_contact.channels.clone(),
            Patch::Clear => Channels::default(),
            Patch::Set(raw) => Channels {
                hours: check.line_opt("/requester/safe_contact/hours", raw.hours.as_deref(), 200),
                ..raw
            },
        };
        let requester = Requester {
            name: line(check, "/requester/name", self.name, was.name, 200),
            relation: self.relation.over(was.relation),
            phone: match self.phone.changed() {
                None => was.phone,
                Some(raw) => check.phone_opt("/requester/phone", raw.as_deref()),
            },
            email: match self.email.changed() {
                None => was.email,
                Some(raw) => check.email_opt("/requester/email", raw.as_deref()),
            },
            address: line(check, "/requester/address", self.address, was.address, 300),
            safe_contact: was.safe_contact,
        };
        (channels, self.confirmed_how, requester)
    }
}

impl LegalAidChildPatch {
    fn over(self, check: &mut Check, old: &Child, today: NaiveDate) -> Child {
        let circumstances = check.kept("/child/special_circumstances", self.special_circumstances);
        if let Patch::Set(day) = self.birth_date {
            check.day("/child/birth_date", day);
            check.rule(day <= today, "/child/birth_date", "in-the-future");
        }
        let mut circumstances = circumstances.unwrap_or_else(|| old.special_circumstances.clone());
        circumstances.sort_unstable();
        circumstances.dedup();
        Child {
            name: line(check, "/child/name", self.name, old.name.clone(), 200),
            birth_date: self.birth_date.over(old.birth_date),
            special_circumstances: circumstances,
        }
    }
}

fn line(
    check: &mut Check,
    pointer: &str,
    patch: Patch<String>,
    old: Option<String>,
    max: usize,
) -> Option<String> {
    match patch.changed() {
        None => old,
        Some(raw) => check.line_opt(pointer, raw.as_deref(), max),
    }
}

fn urgency(check: &mut Check, patch: Patch<LegalAidUrgencyBody>, old: Urgency) -> Urgency {
    let Some(body) = patch.changed() else {
        return old;
    };
    let Some(body) = body else {
        return Urgency::default();
    };
    let is_said = body.level != Patch::Keep || body.reason != Patch::Keep;
    let mut new = Urgency {
        level: check
            .kept("/urgency/level", body.level)
            .unwrap_or(old.level),
        reason: body.reason.over(old.reason),
        limitation_on: body.limitation_date.over(old.limitation_on),
        hearing_on: body.hearing_date.over(old.hearing_on),
    };
    check.day("/urgency/limitation_date", new.limitation_on);
    check.day("/urgency/hearing_date", new.hearing_on);
    // What pressed by its day alone is seen anew with another day.
    let is_moved = (new.limitation_on, new.hearing_on) != (old.limitation_on, old.hearing_on);
    if is_moved && !is_said && old.presses_by_day() {
        (new.level, new.reason) = (UrgencyLevel::Normal, None);
    }
    new
}
