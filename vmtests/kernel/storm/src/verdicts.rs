// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! What became of many frames, in a few words.

/// So many frames are one line.
pub const CHAPTER: u64 = 1000;
/// The verdict of a frame that reached no hook; others are those of netfilter.
pub const UNSEEN: u8 = 255;

/// What became of a frame.
#[derive(Clone, Debug, Default)]
pub struct Judged {
    bytes: Vec<u8>,
}

impl Judged {
    /// Begins with a verdict.
    pub fn begin(&mut self, verdict: u8) {
        self.bytes.clear();
        self.bytes.push(verdict);
    }

    /// Then comes the frame as it is now, empty unless it was accepted, and after it what left meanwhile.
    pub fn frame(&mut self, frame: &[u8]) {
        // A frame is shorter than that.
        self.bytes.extend((frame.len() as u32).to_ne_bytes());
        self.bytes.extend(frame);
    }

    /// All of it, as a driver wrote it.
    pub fn of(&mut self, bytes: &[u8]) {
        self.bytes.clear();
        self.bytes.extend(bytes);
    }
}

/// A digest of what became of each [`CHAPTER`], a line each: its number, and 64 bits in hexadecimal.
#[derive(Default)]
pub struct Verdicts {
    frames: u64,
    digest: Digest,
    chapter: Vec<String>,
}

impl Verdicts {
    /// The next frame's; the line, if it ends a chapter.
    pub fn add(&mut self, judged: &Judged) -> Option<String> {
        if self.is_at_chapter() {
            self.digest = Digest::default();
            self.chapter.clear();
        }
        self.digest.add(&judged.bytes);
        let mut one = Digest::default();
        one.add(&judged.bytes);
        let verdict = judged.bytes.first().copied().unwrap_or(UNSEEN);
        self.chapter.push(format!("{} {verdict} {:016x}", self.frames, one.0));
        self.frames += 1;
        self.frames.is_multiple_of(CHAPTER).then(|| format!("{} {:016x}", self.frames / CHAPTER, self.digest.0))
    }

    /// Whether the next frame begins a chapter.
    pub fn is_at_chapter(&self) -> bool {
        self.frames.is_multiple_of(CHAPTER)
    }

    /// The frames of this chapter, a line each: number, verdict, digest.
    pub fn chapter(&self) -> &[String] {
        &self.chapter
    }
}

/// FNV-1a with 64 bits.
struct Digest(u64);

impl Default for Digest {
    fn default() -> Digest {
        Digest(0xcbf2_9ce4_8422_2325)
    }
}

impl Digest {
    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
