# SPDX-License-Identifier: MIT OR GPL-2.0-only
# A device's system as one file, which U-Boot boots from memory (a flattened image tree): kernel, device trees, and the
# root as an initramfs.
# lunagate-<profile>.itb; cmdline, which the device trees say to the kernel
{ debian, source, kernel, root, deviceTrees, imageTool, profile, profiles ? "images/profiles" }:
debian.runInDebian {
  name = "fit-${profile}";
  debian = debian.rootfsOf "fit" [ "toolchain" "fit" ];
  inherit kernel root deviceTrees imageTool profile;
  src = source { name = "profiles"; paths = [ "${profiles}/${profile}.yaml" "images/release.yaml" ]; };
  file = "${profiles}/${profile}.yaml";
  script = builtins.readFile ./fit/build.sh;
}
