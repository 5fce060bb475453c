//! YAML and JSON. Template marks (Helm, Jinja) are covered before parsing and put back into the values that held them, so that a
//! value that is filled in later is seen as one.

use super::locate::Locator;
use super::tree::{Key, Kind, Node};
use crate::check::text::Text;
use granit_parser::{Event, Parser};
use std::collections::HashMap;

/// Most nodes of a file; aliases count each time they are used, so that none can grow without end.
const MOST_NODES: usize = 100_000;

/// Deepest nesting.
const DEEPEST: usize = 64;

/// The documents of a file, and why the rest could not be read.
#[derive(Debug, Default)]
pub struct Documents {
    /// Those that could be read.
    pub roots: Vec<Node>,
    /// The first thing that could not.
    pub trouble: Option<String>,
}

/// Reads all documents of `text`.
pub fn read(text: &str) -> Documents {
    let covered = cover_templates(text);
    let mut reader = Reader {
        source: text,
        events: Parser::new_from_str(&covered),
        locator: Locator::new(text.as_bytes()),
        anchors: HashMap::new(),
        nodes: 0,
    };
    let mut documents = Documents::default();
    loop {
        match reader.next() {
            Ok(None | Some((Event::StreamEnd, _))) => return documents,
            Ok(Some((Event::DocumentStart(..), _))) => match reader.document() {
                Ok(Some(root)) => documents.roots.push(root),
                Ok(None) => {}
                Err(why) => return failed(documents, why),
            },
            Ok(Some(_)) => {}
            Err(why) => return failed(documents, why),
        }
    }
}

fn failed(mut documents: Documents, why: String) -> Documents {
    documents.trouble = Some(why);
    documents
}

/// `text` with template marks covered by as many bytes that mean nothing: control lines by blanks, inline ones by letters.
fn cover_templates(text: &str) -> std::borrow::Cow<'_, str> {
    if !text.contains("{{") && !text.contains("{%") {
        return text.into();
    }
    let mut covered = text.as_bytes().to_vec();
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(open) = memchr::memchr(b'{', &bytes[at..]).map(|found| at + found) {
        let close: &[u8] = match bytes.get(open + 1) {
            Some(b'{') => b"}}",
            Some(b'%') => b"%}",
            _ => {
                at = open + 1;
                continue;
            }
        };
        let Some(end) = memchr::memmem::find(&bytes[open..], close).map(|found| open + found + 2) else { break };
        let line = memchr::memrchr(b'\n', &bytes[..open]).map_or(0, |found| found + 1);
        let rest = memchr::memchr(b'\n', &bytes[end..]).map_or(bytes.len(), |found| end + found);
        // GitHub's `${{ }}` is a value's text like any other, and needs no cover.
        let expression = open > 0 && bytes[open - 1] == b'$';
        let alone = covered[line..open].iter().all(u8::is_ascii_whitespace) && bytes[end..rest].trim_ascii().is_empty();
        if !expression {
            let cover = if alone { b' ' } else { b'x' };
            covered[open..end].iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = cover);
        }
        at = end;
    }
    String::from_utf8_lossy(&covered).into_owned().into()
}

type Next<'i> = Option<(Event<'i>, granit_parser::Span)>;

struct Reader<'t, 'i, I: Iterator<Item = Result<(Event<'i>, granit_parser::Span), granit_parser::ScanError>>> {
    source: &'t str,
    events: I,
    locator: Locator<'t>,
    anchors: HashMap<usize, Node>,
    nodes: usize,
}

impl<'i, I: Iterator<Item = Result<(Event<'i>, granit_parser::Span), granit_parser::ScanError>>> Reader<'_, 'i, I> {
    fn next(&mut self) -> Result<Next<'i>, String> {
        loop {
            match self.events.next() {
                None => return Ok(None),
                Some(Err(error)) => return Err(error.to_string()),
                Some(Ok((Event::Comment(..), _))) => {}
                Some(Ok(event)) => return Ok(Some(event)),
            }
        }
    }

    fn document(&mut self) -> Result<Option<Node>, String> {
        match self.next()? {
            None | Some((Event::DocumentEnd, _)) => Ok(None),
            Some((event, span)) => self.node(event, span, 0).map(Some),
        }
    }

    fn node(&mut self, event: Event<'i>, span: granit_parser::Span, depth: usize) -> Result<Node, String> {
        self.nodes += 1;
        if depth > DEEPEST || self.nodes > MOST_NODES {
            return Err("it is nested too deeply or has too many values".to_owned());
        }
        let range = span.byte_range().unwrap_or(0..0);
        let at = self.locator.position(range.start);
        let anchor = event.anchor_id();
        let kind = match event {
            Event::Alias(id) => return self.alias(id),
            Event::Scalar(value, ..) => Kind::Scalar(self.scalar(&value, range)),
            Event::SequenceStart(..) => Kind::List(self.list(depth)?),
            Event::MappingStart(..) => Kind::Map(self.map(depth)?),
            _ => return Err("its structure is not understood".to_owned()),
        };
        let node = Node { at, kind };
        if let Some(id) = anchor.filter(|id| *id > 0) {
            self.anchors.insert(id, node.clone());
        }
        Ok(node)
    }

    fn alias(&mut self, id: usize) -> Result<Node, String> {
        let node = self.anchors.get(&id).cloned().ok_or("an alias stands inside of what it names")?;
        let mut size = 0;
        node.walk(&mut |_| size += 1);
        self.nodes += size;
        Ok(node)
    }

    /// The value of a scalar; its source, where a template mark was covered.
    fn scalar(&self, value: &str, range: std::ops::Range<usize>) -> Text {
        let source = self.source.get(range).unwrap_or_default();
        let template = (source.contains("{{") || source.contains("{%")) && !value.contains("{{");
        Text::new(if template { source.trim_matches(['"', '\'']) } else { value })
    }

    fn list(&mut self, depth: usize) -> Result<Vec<Node>, String> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                None | Some((Event::SequenceEnd, _)) => return Ok(items),
                Some((event, span)) => items.push(self.node(event, span, depth + 1)?),
            }
        }
    }

    fn map(&mut self, depth: usize) -> Result<Vec<(Key, Node)>, String> {
        let mut entries = Vec::new();
        loop {
            let key = match self.next()? {
                None | Some((Event::MappingEnd, _)) => return Ok(entries),
                Some((event, span)) => self.node(event, span, depth + 1)?,
            };
            let Some((event, span)) = self.next()? else { return Ok(entries) };
            let value = self.node(event, span, depth + 1)?;
            let name = key.str().to_owned();
            // A merge puts what it names in front, so that what stands here wins.
            if name == "<<" {
                let merged: Vec<_> =
                    value.entries().iter().chain(value.items().iter().flat_map(Node::entries)).cloned().collect();
                entries.splice(0..0, merged);
            } else {
                entries.push((Key { name, at: key.at }, value));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_have_positions_and_merges_are_followed() {
        let text =
            "base: &base\n  image: redis\n  ports: [\"1:1\"]\nweb:\n  <<: *base\n  image: app\n---\nkind: Secret\n";
        let documents = read(text);
        assert_eq!((documents.roots.len(), documents.trouble), (2, None));
        let web = documents.roots[0].get("web").expect("is there");
        assert_eq!(web.get("image").map(Node::str), Some("app"));
        assert_eq!(web.get("ports").map(|ports| ports.items().len()), Some(1));
        assert_eq!(documents.roots[1].get("kind").map(|node| node.at.line), Some(8));
    }

    #[test]
    fn templates_are_read_around() {
        let text = "{{- if .Values.on }}\nkind: Secret\nstringData:\n  password: {{ .Values.password | quote }}\n  plain: \"a\"\n{{- end }}\n";
        let documents = read(text);
        assert_eq!(documents.trouble, None);
        let root = &documents.roots[0];
        assert_eq!(root.at_path("stringData.password").map(Node::str), Some("{{ .Values.password | quote }}"));
        assert_eq!(root.at_path("stringData.plain").map(Node::str), Some("a"));
    }

    #[test]
    fn what_is_no_yaml_is_said() {
        for text in ["a: b: c: [", "%YAML 9\n--- {", "a: *b", &"[".repeat(5000), "a: &a [*a]"] {
            assert!(read(text).trouble.is_some(), "{text}");
        }
        assert!(read("").roots.is_empty() && read("{\"a\": {\"b\": 1}}").trouble.is_none());
    }

    #[test]
    fn aliases_do_not_grow_without_end() {
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..12 {
            let before = format!("*a{}", level - 1);
            text += &format!("a{level}: &a{level} [{}]\n", [before.as_str(); 10].join(", "));
        }
        assert!(read(&text).trouble.is_some());
    }
}
