/* Preloaded into user-mode Linux up to 6.12 on a CPU with AMX: netbook/engine/embedded/xstate.py.
 *
 * That kernel sets a program's floating-point registers by PTRACE_SETREGSET from a buffer of fixed size. The host
 * takes an x86 extended state only whole (arch/x86/kernel/fpu/regset.c, xstateregs_set), and with AMX it has 11 KB:
 * EFAULT. So get the whole, lay the part over its beginning, and set that.
 *
 * No headers: tcc comes without them. The numbers are those of x86-64; ptrace(2), linux/ptrace.h, linux/elf.h.
 */
enum { SYS_PTRACE = 101, PEEKTEXT = 1, PEEKUSER = 3, GETREGSET = 0x4204, SETREGSET = 0x4205, XSTATE = 0x202 };

struct iovec {
    void *base;
    unsigned long length;
};

long syscall(long number, ...);
void *memcpy(void *target, const void *source, unsigned long length);

static char whole[65536]; /* this kernel has one thread */

/* libc's is variadic; called so or so, the arguments lie in the same registers */
long ptrace(long request, long pid, void *address, void *data)
{
    if (request == SETREGSET && (long)address == XSTATE) {
        struct iovec *part = data, all = {whole, sizeof whole};
        if (syscall(SYS_PTRACE, GETREGSET, pid, address, &all) == 0 && part->length < all.length) {
            memcpy(whole, part->base, part->length);
            return syscall(SYS_PTRACE, SETREGSET, pid, address, &all);
        }
    }
    if (request >= PEEKTEXT && request <= PEEKUSER) { /* the call itself stores through data; libc's returns it */
        long word, failed = syscall(SYS_PTRACE, request, pid, address, &word);
        return failed ? failed : word;
    }
    return syscall(SYS_PTRACE, request, pid, address, data);
}
