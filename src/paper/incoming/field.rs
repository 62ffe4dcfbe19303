//! The fields of a Word document: codes that it works out when it is opened, printed or clicked
//! at. Those that only say something of the document itself are listed here; all others, some of
//! which fetch a file or start a program, are refused.
//!
//! A code is put together of pieces. Where a reader could leave one of them out (alternatives,
//! deleted text, elements of another namespace), it would read another field than stands here; so
//! until a field's name is whole, its pieces must stand where the field began.

use quick_xml::events::BytesStart;

use super::xml::{Node, local_attribute};
use super::{Danger, Refusal};

const REFUSED: Refusal = Refusal::Dangerous(Danger::ExternalContent);
/// Fields that neither fetch nor run anything. Not among them, on purpose: `ADDIN`, `AUTOTEXT`,
/// `CONTROL`, `DATABASE`, `DDE`, `EMBED`, `GOTOBUTTON`, `HTMLACTIVEX`, `IMPORT`, `INCLUDE`,
/// `LINK`, `MACROBUTTON`, `PRINT` (it talks to the printer) and `RD` (it reads other documents).
const HARMLESS: &str = "\
    ADDRESSBLOCK ADVANCE ASK AUTHOR AUTONUM AUTONUMLGL AUTONUMOUT BIBLIOGRAPHY CITATION COMMENTS \
    COMPARE CREATEDATE DATE DISPLAYBARCODE DOCPROPERTY DOCVARIABLE EDITTIME EQ FILENAME FILESIZE \
    FILLIN FORMCHECKBOX FORMDROPDOWN FORMTEXT FORMULA GREETINGLINE IF INDEX INFO KEYWORDS \
    LASTSAVEDBY LISTNUM MERGEBARCODE MERGEFIELD MERGEREC MERGESEQ NEXT NEXTIF NOTEREF NUMCHARS \
    NUMPAGES NUMWORDS PAGE PAGEREF PRINTDATE QUOTE REF REVNUM SAVEDATE SECTION SECTIONPAGES SEQ \
    SET SHAPE SKIPIF STYLEREF SUBJECT SYMBOL TA TC TEMPLATE TIME TITLE TOA TOC USERADDRESS \
    USERINITIALS USERNAME XE";
/// The field that is followed by clicking at it.
const LINK: &str = "HYPERLINK";
/// Letters of the longest name, and more.
const NAME: usize = 32;
/// Bytes of a code that are looked at.
const CODE: usize = 4096;
/// Fields within each other.
const DEPTH: usize = 64;

/// Looks at the fields of one part.
#[derive(Default)]
pub(super) struct Fields {
    /// The prefix of the part's first element, which is that of all that is Word's own.
    prefix: Vec<u8>,
    open: Vec<Element>,
    others: usize,
    begun: Vec<Field>,
}

#[derive(Clone, Copy, Default)]
struct Element {
    place: Place,
    content: Content,
}

/// Where an element stands, as far as a reader may leave it out.
#[derive(Clone, Copy, Default, PartialEq)]
struct Place {
    /// The number of the innermost element that has another prefix.
    other: usize,
    is_deleted: bool,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum Content {
    Code,
    Words,
    #[default]
    Elements,
}

/// A field that began and has not ended.
struct Field {
    place: Place,
    code: String,
    is_named: bool,
    /// Its code is whole; what follows is what it came to.
    has_result: bool,
}

impl Fields {
    pub(super) fn look(&mut self, node: &Node<'_>) -> Result<(), Refusal> {
        match node {
            Node::Begin(element) => self.begin(element),
            Node::Text(text) => self.text(text),
            Node::End => {
                self.open.pop();
                Ok(())
            }
        }
    }

    /// What began and never ended is looked at as well.
    pub(super) fn finish(&self) -> Result<(), Refusal> {
        self.begun.iter().try_for_each(|field| judge(&field.code))
    }

    fn begin(&mut self, element: &BytesStart<'_>) -> Result<(), Refusal> {
        let name = element.name();
        let prefix = name.prefix();
        let prefix: &[u8] = prefix.as_ref().map_or(b"", AsRef::as_ref);
        if self.open.is_empty() {
            self.prefix = prefix.to_vec();
        }
        let outer = self.open.last().copied().unwrap_or_default();
        if outer.content == Content::Code {
            return Err(Refusal::Damaged);
        }
        let mut place = outer.place;
        if prefix != self.prefix {
            self.others += 1;
            place.other = self.others;
        }
        // The prefix would mean something else from here on.
        if self.unnamed().is_some() && declares(element)? {
            return Err(REFUSED);
        }
        let mut content = Content::Elements;
        match element.local_name().as_ref() {
            // A database whose rows the letter is printed for.
            b"connectString" => return Err(REFUSED),
            b"del" | b"moveFrom" => place.is_deleted = true,
            b"instrText" | b"delInstrText" => content = Content::Code,
            b"t" | b"delText" => content = Content::Words,
            b"fldSimple" => {
                self.may_begin()?;
                judge(&local_attribute(element, "instr")?)?;
            }
            b"fldChar" => self.mark(&local_attribute(element, "fldCharType")?, place)?,
            _ => {}
        }
        self.open.push(Element { place, content });
        Ok(())
    }

    /// A field begins, its result begins, or it ends.
    fn mark(&mut self, kind: &str, place: Place) -> Result<(), Refusal> {
        if kind == "begin" {
            self.may_begin()?;
            self.begun.push(Field {
                place,
                code: String::new(),
                is_named: false,
                has_result: false,
            });
            return Ok(());
        }
        if self.unnamed().is_some_and(|field| field.place != place) {
            return Err(REFUSED);
        }
        match (kind, self.begun.last_mut()) {
            ("separate", Some(field)) => {
                field.has_result = true;
                judge(&field.code)
            }
            ("end", Some(_)) => {
                let field = self.begun.pop();
                field.map_or(Ok(()), |field| judge(&field.code))
            }
            // The rest of one that began in front of all this.
            ("separate" | "end", None) => Ok(()),
            _ => Err(Refusal::Damaged),
        }
    }

    /// Refuses a field that would make the name or the target of another.
    fn may_begin(&self) -> Result<(), Refusal> {
        let outer = self.begun.last().filter(|field| !field.has_result);
        if outer.is_some_and(|field| !field.is_named || name(&field.code).0 == LINK) {
            return Err(REFUSED);
        }
        if self.begun.len() == DEPTH {
            return Err(Refusal::Dangerous(Danger::TooMuchInside));
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), Refusal> {
        let Element { place, content } = self.open.last().copied().unwrap_or_default();
        let is_unnamed = self.unnamed().is_some();
        let field = self.begun.last_mut().filter(|field| !field.has_result);
        match (content, field) {
            (Content::Code, Some(field)) => {
                if is_unnamed && field.place != place {
                    return Err(REFUSED);
                }
                field.add(text)
            }
            // Some readers take plain words there for the code.
            (Content::Words, Some(_)) if is_unnamed => Err(REFUSED),
            _ => Ok(()),
        }
    }

    /// The innermost field, where its name is not yet whole.
    fn unnamed(&self) -> Option<&Field> {
        let last = self.begun.last();
        last.filter(|field| !field.is_named && !field.has_result)
    }
}

impl Field {
    fn add(&mut self, text: &str) -> Result<(), Refusal> {
        let text = if self.code.is_empty() {
            text.trim_start()
        } else {
            text
        };
        let room = CODE.saturating_sub(self.code.len());
        self.code.extend(text.chars().take(room));
        if !self.is_named {
            self.is_named = self.code.contains(is_end);
            if !self.is_named && self.code.len() > NAME {
                return Err(REFUSED);
            }
        }
        Ok(())
    }
}

fn is_end(letter: char) -> bool {
    !letter.is_ascii_alphanumeric()
}

fn declares(element: &BytesStart<'_>) -> Result<bool, Refusal> {
    for attribute in element.attributes().with_checks(false) {
        let attribute = attribute.map_err(|_broken| Refusal::Damaged)?;
        if attribute.key.as_namespace_binding().is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A code's name, and what follows it.
fn name(code: &str) -> (String, &str) {
    let code = code.trim_start();
    let (name, rest) = code.split_at(code.find(is_end).unwrap_or(code.len()));
    (name.to_ascii_uppercase(), rest)
}

fn judge(code: &str) -> Result<(), Refusal> {
    let (name, rest) = name(code);
    let is_harmless = if name.is_empty() {
        // Nothing, or a sum.
        rest.is_empty() || rest.starts_with('=')
    } else if name == LINK {
        links_well(rest)
    } else {
        HARMLESS.split(' ').any(|known| known == name)
    };
    if is_harmless { Ok(()) } else { Err(REFUSED) }
}

/// Whether a link's arguments point into the document or to what a browser opens; those behind
/// some switches are a place in the target, a window's name or a hint.
fn links_well(mut rest: &str) -> bool {
    let mut is_target = true;
    loop {
        rest = rest.trim_start();
        let (argument, after) = if let Some(quoted) = rest.strip_prefix('"') {
            quoted.split_once('"').unwrap_or((quoted, ""))
        } else {
            let end = |letter: char| letter.is_whitespace() || letter == '"';
            rest.split_at(rest.find(end).unwrap_or(rest.len()))
        };
        if rest.is_empty() {
            return true;
        }
        let switch = argument
            .strip_prefix('\\')
            .filter(|_| !rest.starts_with('"'));
        match switch.map(str::to_ascii_lowercase).as_deref() {
            Some("l" | "o" | "s" | "t") => is_target = false,
            Some("h" | "m" | "n" | "*") => is_target = true,
            _ if is_target && !is_link(argument) => return false,
            _ => is_target = true,
        }
        rest = after;
    }
}

/// Whether clicking at it stays in the document, or leads to a browser, a letter or a telephone.
pub(super) fn is_link(target: &str) -> bool {
    let target = target.trim();
    let scheme = target.split_once(':').map(|(scheme, _)| scheme);
    let is_known = |scheme: &str| {
        ["http", "https", "mailto", "tel"]
            .iter()
            .any(|known| known.eq_ignore_ascii_case(scheme))
    };
    target.is_empty() || target.starts_with('#') || scheme.is_some_and(is_known)
}
