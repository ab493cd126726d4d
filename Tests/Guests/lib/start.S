/* Entry: saves the registers as the tender set them, keeps the last page of memory free, and enters C.
   Traps: one stub for each vector; see trap.c. */

#if defined(__x86_64__)

        .section .text.start, "ax"
        .globl _start
_start:
        movq %rax, entry_state+0(%rip)
        movq %rbx, entry_state+8(%rip)
        movq %rcx, entry_state+16(%rip)
        movq %rdx, entry_state+24(%rip)
        movq %rsi, entry_state+32(%rip)
        movq %rdi, entry_state+40(%rip)
        movq %rbp, entry_state+48(%rip)
        movq %rsp, entry_state+56(%rip)
        movq %r8, entry_state+64(%rip)
        movq %r9, entry_state+72(%rip)
        movq %r10, entry_state+80(%rip)
        movq %r11, entry_state+88(%rip)
        movq %r12, entry_state+96(%rip)
        movq %r13, entry_state+104(%rip)
        movq %r14, entry_state+112(%rip)
        movq %r15, entry_state+120(%rip)
        pushfq
        popq entry_state+128(%rip)
        subq $4096, %rsp
        jmp guest_start

        .section .text.trap_stubs, "ax"
        .globl trap_stubs
        .balign 16
trap_stubs:
        .set vector, 0
        .rept 32
        .balign 16
        .if !((1 << vector) & 0x60227d00)       /* the vectors that push an error code: 8 10-14 17 21 29 30 */
        pushq $0
        .endif
        pushq $vector
        jmp trap_common
        .set vector, vector + 1
        .endr
trap_common:
        pushq %rax
        pushq %rcx
        pushq %rdx
        pushq %rsi
        pushq %rdi
        pushq %r8
        pushq %r9
        pushq %r10
        pushq %r11
        leaq 72(%rsp), %rdi
        cld
        call trap_handle
        popq %r11
        popq %r10
        popq %r9
        popq %r8
        popq %rdi
        popq %rsi
        popq %rdx
        popq %rcx
        popq %rax
        addq $16, %rsp
        iretq

        .bss
        .globl entry_state
        .balign 8
entry_state:
        .skip 136

#elif defined(__aarch64__)

        .section .text.start, "ax"
        .globl _start
_start:
        stp x0, x1, [sp, #-16]!
        adrp x0, entry_state
        add x0, x0, :lo12:entry_state
        stp x2, x3, [x0, #16]
        stp x4, x5, [x0, #32]
        stp x6, x7, [x0, #48]
        stp x8, x9, [x0, #64]
        stp x10, x11, [x0, #80]
        stp x12, x13, [x0, #96]
        stp x14, x15, [x0, #112]
        stp x16, x17, [x0, #128]
        stp x18, x19, [x0, #144]
        stp x20, x21, [x0, #160]
        stp x22, x23, [x0, #176]
        stp x24, x25, [x0, #192]
        stp x26, x27, [x0, #208]
        stp x28, x29, [x0, #224]
        mrs x2, nzcv
        mrs x3, daif
        ldp x4, x5, [sp], #16
        stp x4, x5, [x0]
        mov x6, sp
        stp x30, x6, [x0, #240]
        stp x2, x3, [x0, #256]
        mov x0, x4
        sub sp, sp, #4096
        b guest_start

        .section .text.trap_stubs, "ax"
        .globl trap_stubs
        .balign 2048
trap_stubs:
        .rept 16
        .balign 128
        mrs x0, esr_el1
        mrs x1, elr_el1
        mrs x2, far_el1
        b trap_handle
        .endr

        .bss
        .globl entry_state
        .balign 16
entry_state:
        .skip 272

#endif
