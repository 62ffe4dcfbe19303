CREATE TABLE legal_aid_terms (
    list TEXT NOT NULL CONSTRAINT ck_legal_aid_terms_list CHECK (list IN ('field', 'form', 'category')),
    code TEXT NOT NULL,
    vi TEXT NOT NULL,
    en TEXT NOT NULL,
    source TEXT NOT NULL,
    papers TEXT NOT NULL,
    position INTEGER NOT NULL,
    is_active INTEGER NOT NULL,
    PRIMARY KEY (list, code)
) STRICT;

CREATE TABLE legal_aid_requests (
    id BLOB PRIMARY KEY,
    office_id BLOB NOT NULL REFERENCES offices (id),
    reference TEXT,
    code TEXT NOT NULL,
    user_id BLOB REFERENCES users (id),
    data_key_id BLOB NOT NULL REFERENCES data_keys (id),
    status TEXT NOT NULL CONSTRAINT ck_legal_aid_requests_status CHECK (status IN ('draft', 'submitted', 'needs_supplement', 'referred', 'accepted', 'refused', 'assigned', 'in_progress', 'completed', 'discontinued', 'redirected', 'withdrawn', 'void')),
    channel TEXT NOT NULL CONSTRAINT ck_legal_aid_requests_channel CHECK (channel IN ('in_person', 'post', 'fax', 'electronic', 'phone')),
    language TEXT NOT NULL CONSTRAINT ck_legal_aid_requests_language CHECK (language IN ('vi', 'en')),
    category TEXT,
    field TEXT,
    form_wanted TEXT,
    child_sex TEXT NOT NULL CONSTRAINT ck_legal_aid_requests_child_sex CHECK (child_sex IN ('female', 'male', 'other', 'unknown')),
    child_age INTEGER,
    child_key BLOB,
    has_papers_to_follow INTEGER NOT NULL,
    assignee_id BLOB REFERENCES users (id),
    submitted_on TEXT,
    first_referred_on TEXT,
    referred_on TEXT,
    ended_on TEXT,
    refusal_reason TEXT CONSTRAINT ck_legal_aid_requests_refusal_reason CHECK (refusal_reason IN ('not_specific_matter', 'unlawful_content', 'beneficiary_deceased', 'another_provider', 'as_written')),
    refusal_opened_at INTEGER,
    withdrawal_requested_at INTEGER,
    duplicates_sought_at INTEGER,
    sealed BLOB NOT NULL,
    created_by_id BLOB REFERENCES users (id),
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CONSTRAINT ck_legal_aid_requests_reference CHECK (status = 'draft' OR reference IS NOT NULL),
    CONSTRAINT ck_legal_aid_requests_submitted CHECK (status = 'draft' OR submitted_on IS NOT NULL),
    CONSTRAINT ck_legal_aid_requests_refused CHECK (status <> 'refused' OR refusal_reason IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX uq_legal_aid_requests_office_id_code ON legal_aid_requests (office_id, code);
CREATE UNIQUE INDEX uq_legal_aid_requests_office_id_reference ON legal_aid_requests (office_id, reference);
CREATE INDEX ix_legal_aid_requests_list ON legal_aid_requests (office_id, created_at, id);
CREATE INDEX ix_legal_aid_requests_user ON legal_aid_requests (user_id, created_at, id) WHERE user_id IS NOT NULL;
CREATE INDEX ix_legal_aid_requests_child ON legal_aid_requests (office_id, child_key) WHERE child_key IS NOT NULL;
CREATE INDEX ix_legal_aid_requests_submitted ON legal_aid_requests (office_id, submitted_on) WHERE submitted_on IS NOT NULL;
CREATE INDEX ix_legal_aid_requests_sought ON legal_aid_requests (submitted_on) WHERE duplicates_sought_at IS NULL;

CREATE TABLE legal_aid_clocks (
    request_id BLOB PRIMARY KEY REFERENCES legal_aid_requests (id),
    office_id BLOB NOT NULL REFERENCES offices (id),
    next_actor TEXT NOT NULL CONSTRAINT ck_legal_aid_clocks_next_actor CHECK (next_actor IN ('family', 'ward', 'centre', 'nobody')),
    queue_rank INTEGER NOT NULL,
    due_on TEXT,
    from_on TEXT,
    working_days INTEGER,
    ward_days_left INTEGER,
    is_provisional INTEGER NOT NULL,
    timed_at INTEGER NOT NULL,
    urgency TEXT NOT NULL CONSTRAINT ck_legal_aid_clocks_urgency CHECK (urgency IN ('normal', 'urgent')),
    urgency_reason TEXT CONSTRAINT ck_legal_aid_clocks_urgency_reason CHECK (urgency_reason IN ('limitation', 'hearing', 'in_custody', 'procedural_body', 'avoid_harm', 'other')),
    limitation_on TEXT,
    hearing_on TEXT,
    CONSTRAINT ck_legal_aid_clocks_due_on CHECK ((queue_rank < 9) = (due_on IS NOT NULL))
) STRICT;
CREATE INDEX ix_legal_aid_clocks_queue ON legal_aid_clocks (office_id, queue_rank, due_on, request_id) WHERE queue_rank < 9;

CREATE TABLE legal_aid_receipts (
    request_id BLOB PRIMARY KEY REFERENCES legal_aid_requests (id),
    number INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    printed_at INTEGER NOT NULL,
    locked_at INTEGER
) STRICT;

CREATE TABLE legal_aid_events (
    id BLOB PRIMARY KEY,
    request_id BLOB NOT NULL REFERENCES legal_aid_requests (id),
    at INTEGER NOT NULL,
    by_id BLOB REFERENCES users (id),
    kind TEXT NOT NULL,
    from_status TEXT,
    to_status TEXT NOT NULL,
    facts TEXT NOT NULL,
    document_id BLOB,
    sealed BLOB
) STRICT;
CREATE INDEX ix_legal_aid_events_request ON legal_aid_events (request_id, at, id);

CREATE TABLE legal_aid_conflicts (
    request_id BLOB NOT NULL REFERENCES legal_aid_requests (id),
    user_id BLOB NOT NULL REFERENCES users (id),
    declared_by_id BLOB NOT NULL REFERENCES users (id),
    declared_at INTEGER NOT NULL,
    PRIMARY KEY (request_id, user_id)
) STRICT;
CREATE INDEX ix_legal_aid_conflicts_user ON legal_aid_conflicts (user_id, request_id);

CREATE TABLE legal_aid_documents (
    id BLOB PRIMARY KEY,
    request_id BLOB NOT NULL REFERENCES legal_aid_requests (id),
    paper_id BLOB NOT NULL,
    page INTEGER NOT NULL,
    kind TEXT NOT NULL CONSTRAINT ck_legal_aid_documents_kind CHECK (kind IN ('request_form', 'birth_certificate', 'identity_paper', 'proof_of_category', 'matter_paper', 'authorisation', 'referral_letter', 'centre_receipt', 'centre_decision', 'other')),
    media TEXT NOT NULL CONSTRAINT ck_legal_aid_documents_media CHECK (media IN ('pdf', 'jpeg', 'png', 'heic', 'docx')),
    size INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    is_from_family INTEGER NOT NULL,
    uploaded_by_id BLOB REFERENCES users (id),
    replaced_by_id BLOB,
    removed_at INTEGER,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX ix_legal_aid_documents_request ON legal_aid_documents (request_id, created_at, id);

CREATE TABLE legal_aid_notes (
    id BLOB PRIMARY KEY,
    request_id BLOB NOT NULL REFERENCES legal_aid_requests (id),
    author_id BLOB NOT NULL REFERENCES users (id),
    sealed BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX ix_legal_aid_notes_request ON legal_aid_notes (request_id, created_at, id);

CREATE TABLE legal_aid_questions (
    id BLOB PRIMARY KEY,
    request_id BLOB NOT NULL REFERENCES legal_aid_requests (id),
    asked_by_id BLOB REFERENCES users (id),
    sealed BLOB NOT NULL,
    answer_sealed BLOB,
    answered_by_id BLOB REFERENCES users (id),
    answered_at INTEGER,
    created_at INTEGER NOT NULL,
    CONSTRAINT ck_legal_aid_questions_answered CHECK ((answer_sealed IS NULL) = (answered_at IS NULL))
) STRICT;
CREATE INDEX ix_legal_aid_questions_request ON legal_aid_questions (request_id, created_at, id);

INSERT INTO legal_aid_terms (list, code, vi, en, source, papers, position, is_active) VALUES
    ('field', 'criminal', 'Hình sự', 'Criminal law', 'draft circular of 2018 on legal-aid matters; unverified', '', 0, 1),
    ('field', 'civil', 'Dân sự', 'Civil law', 'draft circular of 2018 on legal-aid matters; unverified', '', 1, 1),
    ('field', 'marriage_family', 'Hôn nhân và gia đình', 'Marriage and family', 'draft circular of 2018 on legal-aid matters; unverified', '', 2, 1),
    ('field', 'administrative', 'Hành chính', 'Administrative law', 'draft circular of 2018 on legal-aid matters; unverified', '', 3, 1),
    ('field', 'labour', 'Lao động', 'Labour law', 'draft circular of 2018 on legal-aid matters; unverified', '', 4, 1),
    ('field', 'adoption', 'Nuôi con nuôi', 'Adoption', 'the plan, tasks 3 to 5; a sub-topic of the house', '', 5, 1),
    ('field', 'birth_registration', 'Khai sinh, hộ tịch, giấy tờ tùy thân', 'Birth registration and identity', 'the plan, tasks 3 to 5; a sub-topic of the house', '', 6, 1),
    ('field', 'guardianship', 'Giám hộ', 'Guardianship', 'the plan, tasks 3 to 5; a sub-topic of the house', '', 7, 1),
    ('field', 'child_abuse', 'Xâm hại, bạo lực đối với trẻ em', 'Abuse of or violence against a child', 'the plan, tasks 3 to 5; a sub-topic of the house', '', 8, 1),
    ('field', 'trafficking', 'Mua bán người', 'Human trafficking', 'the plan, tasks 3 to 5; a sub-topic of the house', '', 9, 1),
    ('field', 'minor_property', 'Đất đai, thừa kế của người chưa thành niên', 'Land and inheritance of a minor', 'the plan, tasks 3 to 5; a sub-topic of the house', '', 10, 1),
    ('field', 'social_benefits', 'Chính sách an sinh, trợ giúp xã hội', 'Social benefits', 'the plan, tasks 3 to 5; a sub-topic of the house', '', 11, 1),
    ('field', 'other', 'Lĩnh vực khác gắn với quyền và lợi ích hợp pháp', 'Other fields tied to rights', 'draft circular of 2018 on legal-aid matters; unverified', '', 12, 1),
    ('form', 'participation_in_proceedings', 'Tham gia tố tụng', 'Participation in proceedings', 'Law on Legal Aid 11/2017/QH14, Article 27', '', 0, 1),
    ('form', 'legal_advice', 'Tư vấn pháp luật', 'Legal advice', 'Law on Legal Aid 11/2017/QH14, Article 27', '', 1, 1),
    ('form', 'out_of_court_representation', 'Đại diện ngoài tố tụng', 'Out-of-court representation', 'Law on Legal Aid 11/2017/QH14, Article 27', '', 2, 1),
    ('category', 'child', 'Trẻ em (dưới 16 tuổi)', 'Child (under 16)', 'Law on Legal Aid 11/2017/QH14, Article 7, as amended; papers unverified', 'birth_certificate', 0, 1),
    ('category', 'minor_accused', 'Người từ đủ 16 đến dưới 18 tuổi bị buộc tội', 'Aged 16 to 17, accused', 'Law on Legal Aid 11/2017/QH14, Article 7, as amended; papers unverified', 'identity_paper proof_of_category', 1, 1),
    ('category', 'minor_victim_or_witness', 'Người từ đủ 16 đến dưới 18 tuổi là bị hại, người làm chứng', 'Aged 16 to 17, victim or witness', 'Law on Legal Aid 11/2017/QH14, Article 7, as amended; papers unverified', 'identity_paper proof_of_category', 2, 1),
    ('category', 'minor_serving_or_diverted', 'Người từ đủ 16 đến dưới 18 tuổi chấp hành án hoặc được xử lý chuyển hướng', 'Aged 16 to 17, serving a sentence or under diversion', 'Law on Legal Aid 11/2017/QH14, Article 7, as amended; papers unverified', 'identity_paper proof_of_category', 3, 1),
    ('category', 'trafficking_victim', 'Nạn nhân mua bán người, người đang được xác định là nạn nhân', 'Trafficking victim, or being identified as one', 'Law on Legal Aid 11/2017/QH14, Article 7, as amended; papers unverified', 'proof_of_category', 4, 1),
    ('category', 'with_trafficking_victim', 'Người dưới 18 tuổi đi cùng nạn nhân mua bán người', 'Under 18, with a trafficking victim', 'Law on Legal Aid 11/2017/QH14, Article 7, as amended; papers unverified', 'birth_certificate proof_of_category', 5, 1),
    ('category', 'poor_household', 'Người thuộc hộ nghèo', 'Poor household', 'Law on Legal Aid 11/2017/QH14, Article 7, as amended; papers unverified', 'identity_paper proof_of_category', 6, 1),
    ('category', 'near_poor_accused', 'Người bị buộc tội thuộc hộ cận nghèo', 'Accused, near-poor household', 'Law on Legal Aid 11/2017/QH14, Article 7, as amended; papers unverified', 'identity_paper proof_of_category', 7, 1),
    ('category', 'ethnic_minority', 'Người dân tộc thiểu số ở vùng đặc biệt khó khăn', 'Ethnic minority in a specially difficult area', 'Law on Legal Aid 11/2017/QH14, Article 7, as amended; papers unverified', 'identity_paper proof_of_category', 8, 1),
    ('category', 'financial_difficulty', 'Người có khó khăn về tài chính thuộc nhóm luật định', 'Financial difficulty, of the groups in the law', 'Law on Legal Aid 11/2017/QH14, Article 7, as amended; papers unverified', 'identity_paper proof_of_category', 9, 1),
    ('category', 'other', 'Diện khác, do Trung tâm xem xét', 'Other; the Centre considers it', 'the ward refuses nobody; the Centre decides', '', 10, 1);
