# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Lines of components.sh as a bill of materials: CycloneDX 1.6, https://cyclonedx.org/docs/1.6/json/
def lines: split("\n") | map(select(. != "") | split("\t"));
# Versions of Debian have signs that an address encodes.
def address: gsub("\\+"; "%2B");
# SPDX's identifiers by Debian's short names, in small letters: packages write them either way.
def spdx: {
  "0bsd": "0BSD", "apache-2": "Apache-2.0", "apache-2.0": "Apache-2.0", "artistic": "Artistic-1.0-Perl", "bsd-2-clause": "BSD-2-Clause",
  "bsd-3-clause": "BSD-3-Clause", "bsd-4-clause": "BSD-4-Clause", "bsl-1.0": "BSL-1.0", "cc0-1.0": "CC0-1.0",
  "cc-by-sa-4.0": "CC-BY-SA-4.0", "expat": "MIT", "fsfap": "FSFAP", "gfdl-1.2": "GFDL-1.2-only", "gfdl-1.2+": "GFDL-1.2-or-later",
  "gfdl-1.3": "GFDL-1.3-only", "gfdl-1.3+": "GFDL-1.3-or-later", "gpl-1": "GPL-1.0-only", "gpl-1+": "GPL-1.0-or-later",
  "gpl-2": "GPL-2.0-only", "gpl-2.0": "GPL-2.0-only", "gpl-2+": "GPL-2.0-or-later", "gpl-2.0+": "GPL-2.0-or-later",
  "gpl-3": "GPL-3.0-only", "gpl-3+": "GPL-3.0-or-later", "isc": "ISC", "lgpl-2": "LGPL-2.0-only", "lgpl-2+": "LGPL-2.0-or-later",
  "lgpl-2.0": "LGPL-2.0-only", "lgpl-2.0+": "LGPL-2.0-or-later", "lgpl-2.1": "LGPL-2.1-only", "lgpl-2.1+": "LGPL-2.1-or-later",
  "lgpl-3": "LGPL-3.0-only", "lgpl-3+": "LGPL-3.0-or-later", "mit": "MIT", "mit-0": "MIT-0", "mpl-1.1": "MPL-1.1", "mpl-2.0": "MPL-2.0",
  "unicode-dfs-2016": "Unicode-DFS-2016", "unlicense": "Unlicense", "x11": "X11", "zlib": "Zlib"
};
def licenses:
  if startswith("=") then [{ expression: .[1:] }]
  elif . == "" then [{ license: { name: "see the list of licenses" } }]
  else split(";") | map(spdx[ascii_downcase] as $id | if $id then { license: { id: $id } } else { license: { name: . } } end) | unique end;
def hashes: if . == "-" then null else [{ alg: "SHA-256", content: . }] end;
def bytes: [{ name: "lunagate:bytes", value: . }];

($patches | lines | map(.[0])) as $patches |
{
  "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
  bomFormat: "CycloneDX", specVersion: "1.6", serialNumber: $serial, version: 1,
  metadata: {
    lifecycles: [{ phase: "build" }],
    component: {
      type: "firmware", "bom-ref": $name, name: $name, version: $version, licenses: [{ expression: $license }],
      components: ($parts | lines | map({
        type: "file", "bom-ref": "\($name)/\(.[0])", name: .[0], hashes: (.[2] | hashes), properties: (.[1] | bytes)
      }))
    }
  },
  components: ($components | lines | map(
    (.[3] | if . == "-" then null else address end) as $purl |
    {
      type: .[0], "bom-ref": ($purl // "\(.[1])@\(.[2])"), name: .[1], version: .[2], purl: $purl,
      hashes: (.[4] | hashes), licenses: (.[6] | licenses),
      properties: (if .[5] == "0" then null else .[5] | bytes end),
      pedigree: (if .[1] == "lua" then { patches: ($patches | map({ type: "unofficial" })), notes: "with modules/lunatik/lua/patches: \($patches | join(", "))" } else null end)
    } | with_entries(select(.value != null))
  ))
}
