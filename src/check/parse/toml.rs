//! TOML, through the parser that the rule files use.

use super::locate::Locator;
use super::tree::{Key, Kind, Node};
use crate::check::text::Text;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Reads `text`.
///
/// # Errors
/// What the parser says, in one line.
pub fn read(text: &str) -> Result<Node, String> {
    let table = DeTable::parse(text).map_err(|error| error.message().lines().next().unwrap_or_default().to_owned())?;
    Ok(map(table.get_ref(), 0, &mut Locator::new(text.as_bytes())))
}

fn map(table: &DeTable<'_>, start: usize, locator: &mut Locator<'_>) -> Node {
    let mut fields: Vec<_> = table.iter().collect();
    fields.sort_by_key(|(key, _)| key.span().start);
    let at = locator.position(start);
    let entries = fields.into_iter().map(|(key, value)| {
        let key = Key { name: key.get_ref().to_string(), at: locator.position(key.span().start) };
        (key, node(value, locator))
    });
    Node { at, kind: Kind::Map(entries.collect()) }
}

fn node(value: &Spanned<DeValue<'_>>, locator: &mut Locator<'_>) -> Node {
    let start = value.span().start;
    let at = locator.position(start);
    let kind = match value.get_ref() {
        DeValue::Table(table) => return map(table, start, locator),
        DeValue::Array(items) => Kind::List(items.iter().map(|item| node(item, locator)).collect()),
        DeValue::String(text) => Kind::Scalar(Text::new(text)),
        DeValue::Integer(number) => Kind::Scalar(Text::new(number.as_str())),
        DeValue::Float(number) => Kind::Scalar(Text::new(number.as_str())),
        DeValue::Boolean(yes) => Kind::Scalar(Text::new(if *yes { "true" } else { "false" })),
        DeValue::Datetime(time) => Kind::Scalar(Text::new(&time.to_string())),
    };
    Node { at, kind }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_positions() {
        let root = read("[tool]\nname = \"x\"\n[tool.more]\nport = 8080\n").expect("is TOML");
        assert_eq!(root.at_path("tool.more.port").map(|node| (node.str(), node.at.line)), Some(("8080", 4)));
        assert!(read("= 1").is_err());
    }
}
