# SPDX-License-Identifier: MIT OR GPL-2.0-only
# A source tree: only these files and directories of the repository.  Changing any
# other file does not change the result, and so rebuilds nothing.
{ name, paths }:
let
  root = ../.;
  prefix = toString root + "/";
  inherit (builtins) any path stringLength substring;
  startsWith = start: string: substring 0 (stringLength start) string == start;
in
path {
  inherit name;
  path = root;
  filter = file: _:
    let relative = substring (stringLength prefix) (-1) file; in
    any (wanted: relative == wanted || startsWith "${wanted}/" relative || startsWith "${relative}/" wanted) paths;
}
