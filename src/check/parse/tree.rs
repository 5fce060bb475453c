//! A document of nested maps, lists and scalars with positions: what YAML, JSON and TOML files become.

use crate::check::text::Text;
use crate::span::Position;

/// One node of a document.
#[derive(Clone, Debug)]
pub struct Node {
    /// Where it begins.
    pub at: Position,
    /// What it is.
    pub kind: Kind,
}

/// The kinds of nodes.
#[derive(Clone, Debug)]
pub enum Kind {
    /// A value.
    Scalar(Text),
    /// Values in order.
    List(Vec<Node>),
    /// Named values; a name may stand twice.
    Map(Vec<(Key, Node)>),
}

/// The name of a value in a map.
#[derive(Clone, Debug)]
pub struct Key {
    /// The name.
    pub name: String,
    /// Where it stands.
    pub at: Position,
}

impl Node {
    /// The value named `name`; the last, if it stands more than once.
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.entries().iter().rev().find(|(key, _)| key.name == name).map(|(_, node)| node)
    }

    /// The value at `path`, dots between names.
    pub fn at_path(&self, path: &str) -> Option<&Self> {
        path.split('.').try_fold(self, |node, name| node.get(name))
    }

    /// The entries of a map; none of anything else.
    pub fn entries(&self) -> &[(Key, Self)] {
        match &self.kind {
            Kind::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list; none of anything else.
    pub fn items(&self) -> &[Self] {
        match &self.kind {
            Kind::List(items) => items,
            _ => &[],
        }
    }

    /// The value of a scalar.
    pub const fn text(&self) -> Option<&Text> {
        match &self.kind {
            Kind::Scalar(text) => Some(text),
            _ => None,
        }
    }

    /// The value of a scalar as text; empty for anything else.
    pub fn str(&self) -> &str {
        self.text().map_or("", Text::as_str)
    }

    /// Calls `visit` with every node below and including this one, parents first.
    pub fn walk<'n>(&'n self, visit: &mut dyn FnMut(&'n Self)) {
        visit(self);
        match &self.kind {
            Kind::Scalar(_) => {}
            Kind::List(items) => items.iter().for_each(|item| item.walk(visit)),
            Kind::Map(entries) => entries.iter().for_each(|(_, node)| node.walk(visit)),
        }
    }

    /// All scalars below, in order.
    pub fn scalars(&self) -> Vec<&Self> {
        let mut scalars = Vec::new();
        self.walk(&mut |node| {
            if node.text().is_some() {
                scalars.push(node);
            }
        });
        scalars
    }
}
