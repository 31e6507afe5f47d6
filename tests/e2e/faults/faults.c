/* Faults for a program under test, loaded before its libraries (LD_PRELOAD); tests/e2e/hardening.sh, (HD6), (HD7).
 *
 *     FAULT_AT=K       the K-th allocation that the program itself asks for fails (malloc, calloc,
 *                      realloc, aligned_alloc, strdup); 0: none.  FAULT_ALL: those of libraries, too
 *     FAULT_REPORT=F   the number of allocations seen is written to F at the end
 *     FAULT_CLOCK=1    clocks jump, forwards and backwards, by hours, at every third look
 *
 * A call is the program's own if it comes from the executable; what libraries do when memory ends is
 * theirs (FLINT and OpenMP end the process).  Counters are atomic.  Not for sanitized builds. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static uintptr_t begin = UINTPTR_MAX, end;
static atomic_long seen;
static long fails_at;
static int all, jumps;
static const char *report;

/* The first object is the executable. */
static int look(struct dl_phdr_info *info, size_t size, void *data)
{
    (void)size, (void)data;
    for (int k = 0; k < info->dlpi_phnum; k++) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[k];
        const uintptr_t from = info->dlpi_addr + part->p_vaddr;
        if (part->p_type != PT_LOAD)
            continue;
        begin = from < begin ? from : begin;
        end = from + part->p_memsz > end ? from + part->p_memsz : end;
    }
    return 1;
}

__attribute__((constructor)) static void set_up(void)
{
    const char *at = getenv("FAULT_AT");
    fails_at = at ? atol(at) : 0;
    all = getenv("FAULT_ALL") != NULL;
    jumps = getenv("FAULT_CLOCK") != NULL;
    report = getenv("FAULT_REPORT");
    unsetenv("LD_PRELOAD"); /* helpers are left alone */
    dl_iterate_phdr(look, NULL);
}

__attribute__((destructor)) static void tell(void)
{
    char text[32];
    if (!report)
        return;
    const int file = open(report, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    const int length = snprintf(text, sizeof text, "%ld\n", atomic_load(&seen));
    if (file < 0 || write(file, text, (size_t)length) != length)
        return;
    close(file);
}

static int fails(const void *from)
{
    const uintptr_t at = (uintptr_t)from;
    if (!all && (at < begin || at >= end))
        return 0;
    if (atomic_fetch_add(&seen, 1) + 1 != fails_at)
        return 0;
    errno = ENOMEM;
    return 1;
}

void *malloc(size_t size)
{
    return fails(__builtin_return_address(0)) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return fails(__builtin_return_address(0)) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    return fails(__builtin_return_address(0)) ? NULL : __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return fails(__builtin_return_address(0)) ? NULL : __libc_memalign(alignment, size);
}

char *strdup(const char *text)
{
    const size_t size = strlen(text) + 1;
    char *copy = fails(__builtin_return_address(0)) ? NULL : __libc_malloc(size);
    return copy ? memcpy(copy, text, size) : NULL;
}

int clock_gettime(clockid_t clock, struct timespec *at)
{
    static int (*next)(clockid_t, struct timespec *);
    static atomic_long looks;
    static const long HOURS = 3 * 3600;
    if (!next)
        *(void **)&next = dlsym(RTLD_NEXT, "clock_gettime");
    const int code = next(clock, at);
    const long look_number = atomic_fetch_add(&looks, 1);
    if (jumps && code == 0 && look_number % 3 == 2)
        at->tv_sec += look_number % 2 ? HOURS : -HOURS;
    return code;
}
