# SPDX-License-Identifier: MIT OR GPL-2.0-only
# What of the profiles (images/profiles, and the folders in it) a build must know before there is a program that reads them.
let
  inherit (builtins) attrNames concatMap elemAt filter isString listToAttrs match readDir readFile split;
  read = folder: profile: readFile (../. + "/${folder}/${profile}.yaml");
  # What stands behind a key at the beginning of a line, or null.
  value = key: pattern: text:
    let found = match "(.*\n)?${key}: *(${pattern}).*" text; in
    if found == null then null else elemAt found 1;
  names = folder:
    concatMap (file: let name = match "(.*)[.]yaml" file; in if name == null then [ ] else name) (attrNames (readDir (../. + "/${folder}")));
  top = "images/profiles";
  folders = [ top ] ++ map (name: "${top}/${name}") (filter (name: (readDir ../images/profiles).${name} == "directory") (attrNames (readDir ../images/profiles)));
in
rec {
  # What is made of each device whose profile has this key, and, unless it is empty, this value: by the profile's name.
  devices = key: pattern: make: listToAttrs
    (map (name: { inherit name; value = make name; }) (filter (profile: value key pattern (read top profile) != null) (names top)));

  # Debian's packages beside the router's own. The tool `image` compares this with what it reads.
  packages = { profile, profiles ? top }:
    let list = value "packages" "\\[[^]]*]" (read profiles profile); in
    if list == null then [ ] else filter (word: isString word && word != "") (split "[^-a-z0-9+.]+" list);

  # The set of lock.json that has these.
  set = { profile, profiles ? top }: "${if profiles == top then "device" else baseNameOf profiles}-${profile}";

  # All such sets, as sets.nix has them.
  sets = listToAttrs (concatMap
    (profiles: concatMap
      (profile:
        let which = { inherit profile profiles; }; in
        if packages which == [ ] then [ ] else [ {
          name = set which;
          value = {
            arch = if value "architecture" "aarch64" (read profiles profile) == null then "amd64" else "arm64";
            packages = packages which;
          };
        } ])
      (names profiles))
    folders);
}
