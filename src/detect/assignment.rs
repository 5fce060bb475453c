//! Assignments: identifier, operator and value around a stem, read with the syntax of the file.
//!
//! Takes text and an identifier, gives the spans of the values it is given and the way they were written. Reads everything that
//! may give a value, also where that is a guess (a bare word in a program, the second argument of a call): the judge knows
//! what the guess is worth. All looks are bounded, so that the reading depends on a few hundred bytes around the name.

mod columns;
mod cursor;
mod fallback;
mod list;
mod map;
mod operator;

use super::identifier::{MAX_IDENTIFIER, is_word_byte};
use crate::blob::Chunk;
use crate::span::Span;
use cursor::Cursor;

/// Longest value that is read, in bytes; what is longer is text or data.
pub const MAX_VALUE: usize = 2048;

/// Most arguments of a call that are read.
const MAX_ARGUMENTS: usize = 4;

/// Fewest bytes of the first piece of a value that says enough by itself.
const LONG_PIECE: usize = 12;

/// How a name is given its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Way {
    /// `=`, `:` and their relatives.
    Assigned,
    /// `==` and its relatives.
    Compared,
    /// The first argument of a call by that name.
    Argument,
    /// A later argument of such a call.
    LaterArgument,
    /// The name and the value are neighbours in a call, list or map: `set("password", "...")`.
    Pair,
    /// Between tags, or in the attribute behind the one that holds the name.
    Markup,
    /// A call around the literal: `password = Some("...")`.
    Wrapped,
    /// White space alone: command lines, SQL, Dockerfiles.
    Apart,
    /// What counts where a variable is not set.
    Fallback,
    /// Prose and tables: `the password is ...`.
    Told,
    /// The password of a URL; its name is scheme and user.
    Url,
    /// Prose that says it stood in the code: ``removed the hardcoded API key `...` ``.
    Confessed,
    /// One of several in a list or map.
    Listed,
}

impl Way {
    /// The way in words, for evidence.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Assigned => "assigned to",
            Self::Compared => "compared with",
            Self::Argument | Self::LaterArgument => "given to",
            Self::Pair => "paired with",
            Self::Markup => "marked up as",
            Self::Wrapped => "wrapped and assigned to",
            Self::Apart => "set for",
            Self::Fallback => "fallback of",
            Self::Told => "told as",
            Self::Url => "password of",
            Self::Confessed => "told to be hardcoded as",
            Self::Listed => "listed under",
        }
    }
}

/// A name and a value it is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The identifier, dots and dashes included.
    pub name: Span,
    /// The value, without quotes.
    pub value: Span,
    /// How it is given.
    pub way: Way,
    /// Did it stand in quotes?
    pub quoted: bool,
    /// Is this the way such a file is written, and not a guess?
    pub plain: bool,
}

/// The identifier that holds the byte at `at`.
pub fn identifier(text: &[u8], at: usize) -> Span {
    let part = |byte: &&u8| is_word_byte(**byte) || matches!(**byte, b'_' | b'-' | b'.');
    let start = at - text[..at].iter().rev().take(MAX_IDENTIFIER).take_while(part).count();
    let end = at + text[at..].iter().take(MAX_IDENTIFIER).take_while(part).count();
    let trimmed = text[start..end].iter().take_while(|byte| matches!(byte, b'-' | b'.')).count();
    let behind = text[at..end].iter().rev().take_while(|byte| matches!(byte, b'-' | b'.')).count();
    Span::new((start + trimmed).min(at), end - behind)
}

/// Reads what is assigned to the identifier `name`, in order.
pub fn read(chunk: &Chunk<'_>, name: Span, mut visit: impl FnMut(Assignment)) {
    let mut cursor = Cursor::new(chunk, name);
    if cursor.is_manifest() {
        return cursor.manifest(&mut visit);
    }
    if cursor.column(&mut visit) {
        return;
    }
    let Some(way) = cursor.operator() else { return };
    if way == Way::Argument {
        arguments(&mut cursor, &mut visit);
        return;
    }
    if way == Way::Assigned && (cursor.members(&mut visit) || cursor.holds_several() && cursor.map(&mut visit)) {
        return;
    }
    if matches!(way, Way::Assigned | Way::Pair)
        && let Some(fallback) = cursor.fallback()
    {
        return visit(fallback);
    }
    if let Some(assignment) = cursor.value(way) {
        visit(assignment);
        others(&mut cursor, assignment, &mut visit);
    }
}

/// What belongs to the literal `first`: of two in parentheses the second is the secret one, `auth = ("ann", "...")`, and behind a short
/// piece stands the rest.
fn others(cursor: &mut Cursor<'_>, first: Assignment, visit: &mut impl FnMut(Assignment)) {
    let pair = matches!(first.way, Way::Wrapped | Way::Apart) && first.quoted;
    if pair && cursor.follows(first.value) {
        cursor.argument(Way::LaterArgument).into_iter().for_each(visit);
        return;
    }
    // A long first piece tells of all.
    if first.quoted && first.value.len() < LONG_PIECE {
        cursor.next_piece(first).into_iter().for_each(visit);
    }
}

/// The literal arguments of a call; the cursor stands behind its parenthesis.
fn arguments(cursor: &mut Cursor<'_>, visit: &mut impl FnMut(Assignment)) {
    for number in 0..MAX_ARGUMENTS {
        let way = if number == 0 { Way::Argument } else { Way::LaterArgument };
        if let Some(assignment) = cursor.argument(way) {
            visit(assignment);
        }
        if !cursor.next_argument() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blob::{FileKind, Role, Syntax};

    fn read_values(text: &str, syntax: Syntax) -> Vec<&str> {
        values_under("pass", text, syntax)
    }

    /// What the first name in `text` that holds `stem` is given.
    pub(super) fn values_under<'t>(stem: &str, text: &'t str, syntax: Syntax) -> Vec<&'t str> {
        let lower = text.to_ascii_lowercase();
        let at = lower.find(stem).expect("has the stem");
        let mut values = Vec::new();
        let chunk = Chunk::whole(text.as_bytes(), FileKind { syntax, role: Role::Product });
        read(&chunk, identifier(text.as_bytes(), at), |found| {
            values.push(&text[found.value.start..found.value.end]);
        });
        values
    }

    #[test]
    fn values_are_read_from_declarations_and_builders() {
        for text in [
            "CREATE LOGIN x WITH PASSWORD = N'VALUE'",
            r#"buildConfigField "String", "PASSWORD", "\"VALUE\"""#,
            r#"buildConfigField("String", "PASSWORD", "\"VALUE\"")"#,
            r#"char password[16] = "VALUE";"#,
            "user(\"ann\").password(\"{noop}VALUE\")",
            "variable \"password\" {\n  type = string\n  default = \"VALUE\"\n}",
        ] {
            assert_eq!(read_values(text, Syntax::Code), ["VALUE"], "{text}");
        }
    }

    #[test]
    fn values_are_read_from_many_ways_of_writing_an_assignment() {
        for text in [
            r#"password = "VALUE""#,
            r#"password: str = "VALUE""#,
            r#""password": "VALUE","#,
            r#"{\"password\":\"VALUE\"}"#,
            r#"config["password"] = 'VALUE'"#,
            r#":password => "VALUE""#,
            r#"setPassword("VALUE")"#,
            r#"set("password", "VALUE")"#,
            "const passwd = `VALUE`;",
            r#"if password == "VALUE":"#,
            r#"if (password !== "VALUE") {"#,
            r#"password=SecretStr("VALUE")"#,
            r#"password = Some("VALUE"),"#,
            r#"password = []byte("VALUE")"#,
            r#"pass = """VALUE""""#,
            "CREATE USER x WITH PASSWORD 'VALUE'",
            r#"pass := "VALUE""#,
            r#"password = b"VALUE""#,
            "password =\n    \"VALUE\"",
            r#"<add key="Password" value="VALUE"/>"#,
            r#"<string name="password">VALUE</string>"#,
            "<key>password</key>\n  <string>VALUE</string>",
            r#"let pass: &'static str = "VALUE";"#,
            "<password> VALUE </password>",
            r#"passAuth = "Bearer VALUE""#,
            r#"run("connect {pass: VALUE, x: 1}")"#,
            r#"get("/login?password=VALUE&x=1")"#,
            r#"os.environ.get("PASSWORD", "VALUE")"#,
            r#"process.env.PASSWORD || 'VALUE'"#,
            r#"ENV["PASSWORD"] || "VALUE""#,
            "@Value(\"${app.password:VALUE}\")",
            r#"{"name": "PASSWORD", "value": "VALUE"}"#,
            r#"Dim password As String = "VALUE""#,
            "password = (\n    \"VALUE\"\n)",
            "body=x%26password%3DVALUE%26y%3D1",
            "body = `password=VALUE&state=1`",
            "x=1 password=VALUE%01%01",
            "// login --password VALUE now",
            "{ Name: \"PASSWORD\", Value: \"VALUE\" }",
            "let(:password) { \"VALUE\" }",
            "password: str = Field(default=\"VALUE\")",
            "cookies[:pass_token] = { value: \"VALUE\", expires: 3600 }",
            "login, password = \"ann\", \"VALUE\"",
            "# Log-On -Password VALUE</code>",
            "<password><![CDATA[VALUE]]></password>",
            "<data name=\"Password\">\n  <value>VALUE</value>",
            "local password = [[VALUE]]",
            "local password = [==[VALUE]==]",
            "<a x=\"{&quot;password&quot;:&quot;VALUE&quot;}\">",
            "<a x=\"password=&#39;VALUE&#39;\">",
            "{password, \"VALUE\"}.",
            "var password string = \"VALUE\"",
        ] {
            assert_eq!(read_values(text, Syntax::Code), ["VALUE"], "{text}");
        }
    }

    #[test]
    fn bare_values_are_read_from_configuration() {
        for text in [
            "PASSWORD=VALUE",
            "password: VALUE",
            "ENV DB_PASSWORD VALUE",
            "db.password = VALUE",
            "cmd --password VALUE -x",
            "cmd -Password VALUE",
            "- \"DB_PASSWORD=VALUE\"",
            "echo ${DB_PASSWORD:-VALUE}",
            "password: |\n  VALUE\n",
            "password: &shared VALUE",
            "- name: DB_PASSWORD\n  value: VALUE\n",
            "the password is VALUE",
            "aws configure set pass_key VALUE",
            "| password | VALUE |",
            "users: {name: x, password: VALUE}",
            "CREATE ROLE app WITH LOGIN PASSWORD VALUE",
            "set -gx PASSWORD VALUE",
        ] {
            assert_eq!(read_values(text, Syntax::Config), ["VALUE"], "{text}");
        }
    }

    #[test]
    fn names_in_bold_are_read_in_prose() {
        for text in ["- **Password:** VALUE", "- **Password**: VALUE", "the password is VALUE"] {
            assert_eq!(read_values(text, Syntax::Prose), ["VALUE"], "{text}");
        }
    }

    #[test]
    fn fallbacks_are_read_behind_what_may_give_nothing() {
        for text in [
            "password: System.get_env(\"X\") || \"VALUE\"",
            "const password = options.p ?? 'VALUE'",
            "password = os.getenv(\"X\", \"VALUE\")",
            "parser.add_argument('--password', help='x', default='VALUE')",
            "y.option('password', { type: 'x', default: 'VALUE' })",
        ] {
            assert_eq!(read_values(text, Syntax::Code), ["VALUE"], "{text}");
        }
        for text in ["password: ${X:?unset}", "password: ${X:+set}"] {
            assert!(read_values(text, Syntax::Config).iter().all(|value| value.starts_with("${")), "{text}");
        }
        for text in ["password: ${X:-VALUE}", "password: \"${X:-VALUE}\"", "db.password=${x.y:VALUE}"] {
            assert_eq!(read_values(text, Syntax::Config), ["VALUE"], "{text}");
        }
    }

    #[test]
    fn a_short_piece_leads_to_the_rest() {
        assert_eq!(read_values("password = \"ab\" + \"VALUE\"", Syntax::Code), ["ab", "VALUE"]);
        assert_eq!(read_values("password = (\"ab\"\n    \"VALUE\")", Syntax::Code), ["ab", "VALUE"]);
        assert_eq!(read_values("password = \"VALUE\"; b = \"c\"", Syntax::Code), ["VALUE"]);
    }

    #[test]
    fn each_literal_of_a_call_is_read() {
        assert_eq!(read_values("x.pass_auth(\"ann\", Some(\"VALUE\"))", Syntax::Code), ["ann", "VALUE"]);
        assert_eq!(read_values("http.pass_auth 'ann', 'VALUE'", Syntax::Code), ["ann", "VALUE"]);
        assert_eq!(read_values("config.set(\"db\", \"password\", \"VALUE\")", Syntax::Code), ["VALUE"]);
        assert_eq!(read_values(r#"passwordAuth("ann", "VALUE")"#, Syntax::Code), ["ann", "VALUE"]);
        assert_eq!(read_values(r#"checkPassword(user, "VALUE")"#, Syntax::Code), ["VALUE"]);
        assert_eq!(read_values(r#"passwords=("ann", "VALUE")"#, Syntax::Code), ["ann", "VALUE"]);
    }

    #[test]
    fn each_member_of_a_list_is_read() {
        for text in [
            r#"passwords = ["ONE", "TWO"]"#,
            "passwords = [\n  'ONE', # first\n  'TWO',\n]",
            r#""passwords": ["ONE", "TWO"],"#,
            r#"var passwords = []string{"ONE", "TWO"}"#,
            r#"const char *passwords[] = { "ONE", "TWO" };"#,
            r#"let passwords = vec!["ONE", "TWO"];"#,
            r#"const passwords = new Set(["ONE", "TWO"])"#,
            r#"$passwords = @("ONE", "TWO")"#,
            "PASSWORDS = %w[ONE TWO]",
        ] {
            assert_eq!(read_values(text, Syntax::Code), ["ONE", "TWO"], "{text}");
        }
        for text in [
            "passwords:\n  - ONE\n  - \"TWO\"  # second\nnext: x",
            "passwords: # two\n- ONE\n- TWO\n- name: x\n",
            "passwords: [ONE, TWO]",
            "PASSWORDS=(ONE \"TWO\")",
            "passwords = [\"ONE\", \"TWO\"]",
        ] {
            assert_eq!(read_values(text, Syntax::Config), ["ONE", "TWO"], "{text}");
        }
        assert_eq!(read_values(r#"{"password": (None, "ONE"), "x": 1}"#, Syntax::Code), ["ONE"]);
    }

    #[test]
    fn what_assigns_nothing_is_not_read() {
        for text in [
            "pass::word",
            "password.length",
            "password;",
            "password = ",
            "the password is",
            "pass = \"open",
            "pass = other.call(1)",
            "password = items[0]",
            "password = items[\"a\"]",
            "passwords = { \"a\": x }",
            "passwords = [1, 2]",
            "pass_key = \"app.\" + name",
            "def password(self):",
            "passwords = [[\"a\", \"b\"]]",
            "{password, user}",
        ] {
            assert_eq!(read_values(text, Syntax::Code), Vec::<&str>::new(), "{text}");
        }
    }
}
