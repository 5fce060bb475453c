//! Models of settings and requests in Python: the fields of classes built on Pydantic.

use super::code::Code;
use super::reads::is_variable;
use super::{Mark, MarkKind, Read};
use crate::check::names;
use crate::check::parse::lexer::Kind;
use crate::check::parse::locate::Locator;
use crate::check::text::Text;

/// A field of a model.
struct Field {
    /// The token of its name.
    at: usize,
    /// The first token behind it that belongs to another line.
    end: usize,
    /// Is the model one of settings, which are read from the environment?
    settings: bool,
}

/// Fields that hold secrets, plainly or masked.
pub(super) fn find(code: &Code<'_>) -> Vec<Mark> {
    let mut locator = Locator::new(code.text.as_bytes());
    let mut marks = Vec::new();
    for field in fields(code) {
        let name = code.of(field.at);
        if !names::is_secret(name) {
            continue;
        }
        let types = type_words(code, &field);
        let masked = types.iter().any(|word| matches!(*word, "SecretStr" | "SecretBytes" | "Secret"));
        let kind = match () {
            () if masked => MarkKind::MaskedField,
            () if types.iter().any(|word| matches!(*word, "str" | "bytes")) => MarkKind::PlainField,
            () => continue,
        };
        let what = format!("the field `{name}` is a {}", if masked { "masking type" } else { "plain string" });
        marks.push(Mark { kind, what, at: locator.position(code.start(field.at)) });
    }
    marks
}

/// The variables that models of settings read, with the literals that stand in.
pub(super) fn reads(code: &Code<'_>) -> Vec<Read> {
    let mut locator = Locator::new(code.text.as_bytes());
    let mut reads = Vec::new();
    for field in fields(code).into_iter().filter(|field| field.settings) {
        let equals = (field.at..field.end).find(|at| code.is(*at, "="));
        let fallback = equals.and_then(|equals| default_of(code, equals + 1, field.end));
        let name = named(code, &field).unwrap_or_else(|| code.of(field.at).to_ascii_uppercase());
        if is_variable(&name) && name != "MODEL_CONFIG" {
            let fallback = fallback.filter(|text| !text.is_empty()).map(Text::new);
            reads.push(Read { name, fallback, at: locator.position(code.start(field.at)) });
        }
    }
    reads
}

/// The literal that a field is given: itself, in a wrapper, or as the default of `Field(...)`.
fn default_of<'t>(code: &Code<'t>, at: usize, end: usize) -> Option<&'t str> {
    if let Some(text) = code.text_at(at) {
        return Some(text);
    }
    let wrapper = code.word(at).filter(|_| code.is_call(at))?;
    let first = code.text_at(at + 2).filter(|_| matches!(wrapper, "SecretStr" | "Field"));
    first.or_else(|| {
        let (start, _) = code.argument(at + 1, "default")?;
        (start..(start + 3).min(end)).find_map(|one| code.text_at(one))
    })
}

/// The variable that `Field(env="X")`, `alias=` or `validation_alias=` names.
fn named(code: &Code<'_>, field: &Field) -> Option<String> {
    let open = (field.at..field.end).find(|at| code.is(*at, "(") && code.of(at - 1) == "Field")?;
    let (start, _) = ["env", "validation_alias", "alias"].iter().find_map(|name| code.argument(open, name))?;
    code.text_at(start).map(str::to_ascii_uppercase)
}

fn type_words<'t>(code: &Code<'t>, field: &Field) -> Vec<&'t str> {
    let typed = (field.at + 2..field.end).take_while(|at| !code.is(*at, "="));
    typed.filter_map(|at| code.word(at)).collect()
}

/// The annotated fields of all models.
fn fields(code: &Code<'_>) -> Vec<Field> {
    if code.language.name != "python" {
        return Vec::new();
    }
    let mut fields = Vec::new();
    let mut at = 0;
    while at < code.tokens.len() {
        let class = code.is(at, "class") && code.is(at + 2, "(");
        let Some(indent) = code.tokens[at].indent.filter(|_| class) else {
            at += 1;
            continue;
        };
        let close = code.closing(at + 2);
        let bases: Vec<&str> = (at + 3..close).filter_map(|one| code.word(one)).collect();
        let settings = bases.iter().any(|base| base.ends_with("BaseSettings"));
        let answers = ["Response", "Out", "Token"].iter().any(|end| code.of(at + 1).ends_with(end));
        let model = settings || bases.iter().any(|base| base.ends_with("BaseModel")) && !answers;
        at = close + 1;
        if model {
            at = body(code, at, indent, settings, &mut fields);
        }
    }
    fields
}

/// Collects the fields of the class body that begins at `start`; gives where it ends.
fn body(code: &Code<'_>, start: usize, indent: usize, settings: bool, fields: &mut Vec<Field>) -> usize {
    let mut inner = None;
    let mut at = start;
    while at < code.tokens.len() {
        if let Some(column) = code.tokens[at].indent {
            if column <= indent {
                return at;
            }
            let inner = *inner.get_or_insert(column);
            if column == inner && code.kind(at) == Some(Kind::Word) && code.is(at + 1, ":") {
                let end = (at + 1..code.tokens.len())
                    .find(|next| code.tokens[*next].indent.is_some_and(|column| column <= inner));
                fields.push(Field { at, end: end.unwrap_or(code.tokens.len()), settings });
            }
        }
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::parse::{language, lexer};

    #[test]
    fn fields_of_models_are_read() {
        let text = "class Config(BaseSettings):\n    \"\"\"doc: str\"\"\"\n    api_key: str = \"lit\"\n    password: SecretStr\n    name: str = Field(\"x\", env=\"APP_NAME\")\n\n    def f(self):\n        secret_key: str = 1\n\nclass Other:\n    api_key: str\n";
        let language = language::of("a.py", text).expect("is known");
        let tokens = lexer::tokens(text, language);
        let code = Code { text, tokens: &tokens, language };
        let marks: Vec<_> = find(&code).into_iter().map(|mark| (mark.kind, mark.at.line)).collect();
        assert_eq!(marks, [(MarkKind::PlainField, 3), (MarkKind::MaskedField, 4)]);
        let reads: Vec<_> = reads(&code)
            .into_iter()
            .map(|read| (read.name, read.fallback.map(|text| text.as_str().to_owned())))
            .collect();
        assert_eq!(
            reads,
            [
                ("API_KEY".to_owned(), Some("lit".to_owned())),
                ("PASSWORD".to_owned(), None),
                ("APP_NAME".to_owned(), Some("x".to_owned()))
            ]
        );
    }
}
