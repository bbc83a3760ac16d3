// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What a source file in Rust gives to scripts.

/// How entries begin.
const MARKS: [&str; 3] = ["function(c\"", "method(c\"", "leaf(c\""];

/// Whose it is, if the file says so, its name, and its line, from 1.
type Found = (Option<String>, String, usize);

/// The name of the Lua module that the file makes, if it does, and its entries. Those in a class are the class's; others
/// are the module's, or else those of the file's class: they make its objects.
pub fn entries(source: &str) -> (Option<String>, Vec<Found>) {
    let module = after(source, "name: c\"").map(str::to_owned);
    let first = source.split_once("Class::new::<").and_then(|(_, rest)| after(rest, "c\"")).map(str::to_owned);
    let of = module.clone().or(first);
    let (mut found, mut class, mut inside) = (Vec::new(), None, false);
    for (index, line) in source.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
        let mut rest = line;
        if let Some((_, behind)) = line.split_once("Class::new::<") {
            (rest, inside, class) = (behind, true, None);
        }
        if inside && class.is_none() {
            class = after(rest, "c\"").map(str::to_owned);
        }
        let own = if inside { &class } else { &of };
        found.extend(names(line).map(|name| (own.clone(), name.to_owned(), index + 1)));
        inside &= !line.trim_end().ends_with(';');
    }
    (module, found)
}

/// The text between a mark and the next `"`.
fn after<'t>(text: &'t str, mark: &str) -> Option<&'t str> {
    text.split_once(mark)?.1.split_once('"').map(|(name, _)| name)
}

fn names(line: &str) -> impl Iterator<Item = &str> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let mut places: Vec<_> = MARKS
        .into_iter()
        .flat_map(|mark| line.match_indices(mark))
        .filter(|(at, _)| !line[..*at].ends_with(is_part))
        .map(|(at, mark)| at + mark.len())
        .collect();
    places.sort_unstable();
    places
        .into_iter()
        .filter_map(|at| line[at..].split_once('"').map(|(name, _)| name))
        .filter(|name| !name.starts_with("__"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(source: &str) -> Vec<String> {
        let (_, found) = entries(source);
        found.into_iter().map(|(of, name, line)| format!("{line} {} {name}", of.unwrap_or_default())).collect()
    }

    #[test]
    fn all_names_of_a_line_are_found() {
        let line =
            r#"&[method(c"stop", P::stop), leaf(c"enable", P::enable), meta(c"__len", x), function(c"__index", y)]"#;
        assert_eq!(names(line).collect::<Vec<_>>(), ["stop", "enable"]);
    }

    #[test]
    fn what_a_class_has_is_the_classs_and_the_rest_the_modules() {
        let source = "static X: Class = Class::new::<X>(\n    c\"x.thing\",\n    &[\n        leaf(c\"go\", X::go),\n    ],\n);\n\
             static LIBRARY: [Entry; 1] = [function(c\"new\", X::new)];\nModule { name: c\"x\", open };\n";
        assert_eq!(told(source), ["4 x.thing go", "7 x new"]);
        let line = "static X: Class = Class::new::<X>(c\"one\", &[method(c\"go\", X::go)])\n    .shared::<X>();\n\
             static Y: Class =\n    Class::new::<Y>(c\"two\", &[leaf(c\"go\", Y::go)]);\nfunction(c\"new\", Y::new)\n";
        assert_eq!(told(line), ["1 one go", "4 two go", "5 one new"]);
    }

    #[test]
    fn comments_and_definitions_give_nothing() {
        assert_eq!(told("//! function(c\"x\", x)\npub const fn leaf<F>(name: &CStr) {}\n"), [""; 0]);
    }
}
