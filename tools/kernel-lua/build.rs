// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! Compiles the kernel's virtual machine for userland, with the kernel's switches.
//!
//! The patched sources are those in LUNAGATE_LUA_SOURCE (Nix sets it); without it, they are
//! made here from the lua-src crate that Cargo.lock pins and the patches.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

fn main() {
    println!("cargo:rerun-if-env-changed=LUNAGATE_LUA_SOURCE");
    let source = env::var_os("LUNAGATE_LUA_SOURCE").map_or_else(patched, PathBuf::from);
    println!("cargo:rerun-if-changed=host.c");
    println!("cargo:rerun-if-changed=code.c");
    println!("cargo:rerun-if-env-changed=LUNAGATE_SANITIZE");
    let mut build = cc::Build::new();
    // For fuzzing: what the sanitizers find ends the program, and libFuzzer sees where the code goes.
    if env::var_os("LUNAGATE_SANITIZE").is_some() {
        build.flag("-fsanitize=fuzzer-no-link,address,bounds,shift,alignment,null,unreachable,return").flag("-g");
        build.flag("-fno-sanitize-recover=all");
    }
    build
        .include(watched(&source))
        .file(source.join("kern/vm.c"))
        .file(source.join("kern/ksetjmp.S"))
        .file("host.c")
        .file("code.c")
        .compiler("clang")
        .define("LUA_KERNEL", None)
        .define("LUA_FUEL", None)
        .define("LUA_USE_JUMPTABLE", "0")
        .include(source.join("shim"))
        .include(source.join("src"))
        .include(source.join("kern"))
        .flag("-ffreestanding")
        .flag("-mgeneral-regs-only")
        .flag("-fno-jump-tables")
        .opt_level(2)
        .warnings(false)
        .cargo_metadata(false)
        .compile("kernel-lua");
    // Whole: crates that the linker sees later need it too.
    println!("cargo:rustc-link-search=native={}", env::var("OUT_DIR").expect("cargo sets it"));
    println!("cargo:rustc-link-lib=static:+whole-archive=kernel-lua");
}

/// A folder with an interpreter that can be watched: for each instruction, it asks whether somebody does. In the kernel
/// nobody does, so nothing asks there.
fn watched(source: &Path) -> PathBuf {
    const FETCH: &str = "#define vmfetch()\t(i = *(pc++))";
    const ASKS: &str = "extern int lua_kwatched;\n\
        extern void lua_ktrace (lua_State *L, const Proto *p, const Instruction *pc);\n\
        #define vmfetch()\t((void)(l_unlikely(lua_kwatched) && (lua_ktrace(L, cl->p, pc), 0)), i = *(pc++))";
    let text = fs::read_to_string(source.join("src/lvm.c")).expect("the interpreter");
    assert_eq!(text.matches(FETCH).count(), 1, "the interpreter fetches instructions elsewhere");
    let folder = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it")).join("watched");
    fs::create_dir_all(&folder).expect("a new folder");
    fs::write(folder.join("lvm.c"), text.replace(FETCH, ASKS)).expect("a copy");
    folder
}

/// The sources of the locked crate, patched into OUT_DIR.
fn patched() -> PathBuf {
    let own = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let ours = own.join("../../modules/lunatik/lua");
    let target = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it")).join("lua");
    println!("cargo:rerun-if-changed={}", ours.display());
    let _ = fs::remove_dir_all(&target);
    copy(&lua_src().join("lua-5.5.1"), &target.join("src"));
    copy(&ours.join("kern"), &target.join("kern"));
    copy(&ours.join("shim"), &target.join("shim"));
    let mut patches: Vec<_> =
        fs::read_dir(ours.join("patches")).expect("patches").map(|entry| entry.expect("a file").path()).collect();
    patches.sort();
    for patch in patches {
        let done = Command::new("patch")
            .args(["-p1", "--quiet", "--fuzz=0", "--directory"])
            .arg(&target)
            .arg("--input")
            .arg(&patch)
            .status()
            .expect("the program `patch` is installed");
        assert!(done.success(), "{} does not apply", patch.display());
    }
    target
}

/// Where cargo keeps the lua-src crate.
fn lua_src() -> PathBuf {
    let output = Command::new(env::var_os("CARGO").expect("cargo sets it"))
        .args(["metadata", "--format-version=1", "--offline", "--locked"])
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("cargo metadata speaks JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let package = packages.iter().find(|package| package["name"] == "lua-src").expect("lua-src is locked");
    let manifest = Path::new(package["manifest_path"].as_str().expect("a path"));
    manifest.parent().expect("a folder").to_owned()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a new folder");
    for entry in fs::read_dir(from).expect("a folder to copy") {
        let path = entry.expect("a file").path();
        let name = path.file_name().expect("a name");
        fs::write(to.join(name), fs::read(&path).expect("a readable file")).expect("a copy");
    }
}
