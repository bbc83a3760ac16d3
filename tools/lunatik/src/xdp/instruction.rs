// SPDX-License-Identifier: MIT OR GPL-2.0-only
//! eBPF instructions: the few that the program needs, as the kernel's instruction-set.rst has them.

/// A register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Register(u8);

/// What the last call returned, and what the program returns.
const R0: Register = Register(0);
/// The first argument of a call, and where the program finds its context.
pub const R1: Register = Register(1);
/// The second argument of a call.
pub const R2: Register = Register(2);
/// A register that calls leave as it is.
pub const R6: Register = Register(6);

/// Eight bytes as the kernel takes them: operation, source and destination register, offset, number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instruction(pub [u8; 8]);

impl Instruction {
    fn new(operation: u8, destination: u8, source: u8, offset: i16, number: i32) -> Self {
        // Each register is four bits, which a big-endian machine orders the other way round.
        let registers = if cfg!(target_endian = "big") { destination << 4 | source } else { source << 4 | destination };
        let ([o0, o1], [n0, n1, n2, n3]) = (offset.to_ne_bytes(), number.to_ne_bytes());
        Instruction([operation, registers, o0, o1, n0, n1, n2, n3])
    }

    /// A 64-bit number into a register: the one instruction that takes two places.
    pub fn load(register: Register, number: u64) -> [Self; 2] {
        let half = |number: u64| number as u32 as i32;
        // BPF_LD | BPF_IMM | BPF_DW
        [Self::new(0x18, register.0, 0, 0, half(number)), Self::new(0, 0, 0, 0, half(number >> 32))]
    }

    /// Calls a kernel function by its number in the BTF at this place of the program's array of BTFs.
    pub fn call(place: i16, function: i32) -> Self {
        // BPF_JMP | BPF_CALL; source BPF_PSEUDO_KFUNC_CALL
        Self::new(0x85, 0, 2, place, function)
    }

    /// One register's value into another.
    pub fn copy(to: Register, from: Register) -> Self {
        // BPF_ALU64 | BPF_MOV | BPF_X
        Self::new(0xbf, to.0, from.0, 0, 0)
    }

    /// Goes on after so many more instructions, if the 32-bit number that the last call returned is this one.
    pub fn skip_if_equal(number: i32, instructions: i16) -> Self {
        // BPF_JMP32 | BPF_JEQ | BPF_K
        Self::new(0x16, R0.0, 0, instructions, number)
    }

    /// Ends the program with R0, which is what the last call returned.
    pub fn exit() -> Self {
        // BPF_JMP | BPF_EXIT
        Self::new(0x95, 0, 0, 0, 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(instructions: &[Instruction]) -> Vec<u8> {
        instructions.iter().flat_map(|instruction| instruction.0).collect()
    }

    #[test]
    fn instructions_are_the_kernels() {
        // As clang assembles them: r2 = 0x1122334455667788 ll; call; exit; r6 = r1; if w0 == 2 goto +1
        #[cfg(target_endian = "little")]
        assert_eq!(
            bytes(
                &[
                    &Instruction::load(R2, 0x1122_3344_5566_7788)[..],
                    &[Instruction::call(1, 5), Instruction::exit()],
                    &[Instruction::copy(R6, R1), Instruction::skip_if_equal(2, 1)]
                ]
                .concat()
            ),
            [
                0x18, 0x02, 0, 0, 0x88, 0x77, 0x66, 0x55, 0, 0, 0, 0, 0x44, 0x33, 0x22, 0x11, // load
                0x85, 0x20, 1, 0, 5, 0, 0, 0, // call
                0x95, 0, 0, 0, 0, 0, 0, 0, // exit
                0xbf, 0x16, 0, 0, 0, 0, 0, 0, // copy
                0x16, 0, 1, 0, 2, 0, 0, 0, // skip
            ]
        );
    }
}
