/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * int lua_ksetjmp(lua_kjmpbuf *b): save what a call preserves; returns 0, and
 * again 1 when lua_klongjmp(b, 1) is called.  The kernel has no setjmp.
 */
#ifdef __KERNEL__
#include <linux/linkage.h>
#endif
/* The kernel's macros of these names are the preprocessor's and the assembler's. */
#ifndef RET
#define RET ret
#endif
#if defined(__KERNEL__) && defined(__x86_64__)
#include <asm/unwind_hints.h>
#else
#define UNWIND_HINT_FUNC
#endif

	.text
	.globl lua_ksetjmp
	.type lua_ksetjmp,%function
	.globl lua_klongjmp
	.type lua_klongjmp,%function

#if defined(__x86_64__)

lua_ksetjmp:
	endbr64
	popq %rsi
	movq %rbx,(%rdi)
	movq %rsp,8(%rdi)
	pushq %rsi
	movq %rbp,16(%rdi)
	movq %r12,24(%rdi)
	movq %r13,32(%rdi)
	movq %r14,40(%rdi)
	movq %r15,48(%rdi)
	movq %rsi,56(%rdi)
	xorl %eax,%eax
	RET
	.size lua_ksetjmp,.-lua_ksetjmp

/* It leaves by a return: a jump to where setjmp returned would need an endbr64. */
lua_klongjmp:
	endbr64
	movl %esi,%eax
	movq (%rdi),%rbx
	movq 8(%rdi),%rsp
	movq 16(%rdi),%rbp
	movq 24(%rdi),%r12
	movq 32(%rdi),%r13
	movq 40(%rdi),%r14
	movq 48(%rdi),%r15
	pushq 56(%rdi)
	UNWIND_HINT_FUNC
	RET
	.size lua_klongjmp,.-lua_klongjmp

#elif defined(__aarch64__)

lua_ksetjmp:
	bti c
	stp x19, x20, [x0]
	stp x21, x22, [x0, #16]
	stp x23, x24, [x0, #32]
	stp x25, x26, [x0, #48]
	stp x27, x28, [x0, #64]
	stp x29, x30, [x0, #80]
	mov x2, sp
	str x2, [x0, #96]
	mov w0, #0
	ret
	.size lua_ksetjmp,.-lua_ksetjmp

lua_klongjmp:
	bti c
	ldp x19, x20, [x0]
	ldp x21, x22, [x0, #16]
	ldp x23, x24, [x0, #32]
	ldp x25, x26, [x0, #48]
	ldp x27, x28, [x0, #64]
	ldp x29, x30, [x0, #80]
	ldr x2, [x0, #96]
	mov sp, x2
	mov w0, w1
	ret
	.size lua_klongjmp,.-lua_klongjmp

#else
#error "lua_ksetjmp: no code for this architecture yet"
#endif

	.section .note.GNU-stack,"",%progbits
