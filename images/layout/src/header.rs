// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! The last block of a slot: what it is, where its kernel is, what that hashes to, its command line.

/// Bytes of a header on disk: one block, the slot's last.
pub const HEADER_LEN: usize = 4096;
/// Its first bytes, which the Ed25519 signature that follows them covers.
pub const SIGNED_LEN: usize = HEADER_LEN - 64;
/// What every header begins with.
pub const MAGIC: &[u8; 8] = b"LGSLOT02";
/// The longest name of a kind of device, and of a version, in bytes.
pub const LONGEST_NAME: usize = 32;
const COMPATIBILITY: usize = 52;
const RELEASE: usize = COMPATIBILITY + LONGEST_NAME;
const CMDLINE_LEN: usize = RELEASE + LONGEST_NAME;
const CMDLINE: usize = CMDLINE_LEN + 4;

/// What a slot's header says.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub struct Header<'a> {
    /// Byte offset of the kernel within the slot.
    pub kernel_offset: u32,
    /// Bytes of the kernel.
    pub kernel_len: u32,
    /// SHA-256 of the kernel.
    pub kernel_sha256: [u8; 32],
    /// Grows when older versions must not come back. See docs/flashing.md.
    pub rollback: u32,
    /// The kind of device that this is for: its profile's name.
    pub compatibility: &'a str,
    /// The version.
    pub version: &'a str,
    /// The kernel's command line, with [`crate::SLOT_LETTER`] where the slot's letter goes.
    pub cmdline: &'a str,
}

impl<'a> Header<'a> {
    /// The bytes to sign; `None` when a name or the command line does not fit.
    pub fn encode(&self) -> Option<[u8; SIGNED_LEN]> {
        let mut block = [0; SIGNED_LEN];
        let text = self.cmdline.as_bytes();
        block[..8].copy_from_slice(MAGIC);
        block[8..12].copy_from_slice(&self.kernel_offset.to_le_bytes());
        block[12..16].copy_from_slice(&self.kernel_len.to_le_bytes());
        block[16..48].copy_from_slice(&self.kernel_sha256);
        block[48..COMPATIBILITY].copy_from_slice(&self.rollback.to_le_bytes());
        for (at, name) in [(COMPATIBILITY, self.compatibility), (RELEASE, self.version)] {
            block[at..at + LONGEST_NAME].get_mut(..name.len())?.copy_from_slice(name.as_bytes());
        }
        block[CMDLINE_LEN..CMDLINE].copy_from_slice(&u32::try_from(text.len()).ok()?.to_le_bytes());
        block.get_mut(CMDLINE..CMDLINE + text.len())?.copy_from_slice(text);
        Some(block)
    }

    /// Reads what [`encode`](Self::encode) wrote.  Verify the signature first.
    pub fn decode(block: &'a [u8]) -> Option<Self> {
        let word = |at: usize| Some(u32::from_le_bytes(block.get(at..at + 4)?.try_into().ok()?));
        if block.get(..8)? != MAGIC {
            return None;
        }
        let end = CMDLINE.checked_add(word(CMDLINE_LEN)? as usize)?;
        if end > SIGNED_LEN {
            return None;
        }
        Some(Header {
            kernel_offset: word(8)?,
            kernel_len: word(12)?,
            kernel_sha256: block.get(16..48)?.try_into().ok()?,
            rollback: word(48)?,
            compatibility: name(block.get(COMPATIBILITY..RELEASE)?)?,
            version: name(block.get(RELEASE..CMDLINE_LEN)?)?,
            cmdline: core::str::from_utf8(block.get(CMDLINE..end)?).ok()?,
        })
    }
}

/// A name that zeros follow.
fn name(field: &[u8]) -> Option<&str> {
    let len = field.iter().position(|&byte| byte == 0).unwrap_or(field.len());
    core::str::from_utf8(&field[..len]).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: Header = Header {
        kernel_offset: 4096,
        kernel_len: 7,
        kernel_sha256: [9; 32],
        rollback: 3,
        compatibility: "x86_64",
        version: "a version of thirty-two bytes...",
        cmdline: "root=/dev/dm-0 slot=@",
    };

    #[test]
    fn a_header_survives_the_disk() {
        assert_eq!(Header::decode(&HEADER.encode().unwrap()), Some(HEADER));
    }

    #[test]
    fn a_name_beyond_its_field_is_refused() {
        assert_eq!(Header { version: "a version of more than thirty-two", ..HEADER }.encode(), None);
    }

    #[test]
    fn a_command_line_beyond_the_block_is_refused() {
        let long = [b'x'; SIGNED_LEN];
        let cmdline = core::str::from_utf8(&long).unwrap();
        assert_eq!(Header { cmdline, ..HEADER }.encode(), None);
        let mut block = HEADER.encode().unwrap();
        block[CMDLINE_LEN..CMDLINE].copy_from_slice(&u32::MAX.to_le_bytes());
        assert_eq!(Header::decode(&block), None);
    }
}
