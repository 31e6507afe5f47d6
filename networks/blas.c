/* OpenBLAS by dlopen(), and what it takes this CPU for.
 *
 * The prototypes are our own: CBLAS has no header of one name on all systems, and five functions are
 * all that is used.  The handle is the one variable of the process: a library is loaded once for a
 * process whatever we do.
 *
 * Kernels of OpenBLAS are chosen when it is loaded, by OPENBLAS_CORETYPE or by a list of CPUs that
 * ends with the year of its release, so the choice can be corrected only before: by starting anew.
 * What a CPU can do is read from the flags that Linux shows in /proc/cpuinfo, where features that the
 * system does not save on a switch of tasks are left out.
 * The kernels, and so the core and the threads, decide the bits of products: (MB14).
 * Rejected: linking, by which GSL would get another BLAS and other bits. */
#include "networks/blas.h"

#include <assert.h>
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Of CBLAS: row by row, plain, transposed. */
enum { ROW_MAJOR = 101, PLAIN = 111, TRANSPOSED = 112 };
enum { FLAGS_SIZE = 1 << 14 }; /* bytes of a line of /proc/cpuinfo; those of 2023 have 2000 */

typedef void float_product(int order, int transpose_a, int transpose_b, int m, int n, int k,
                           float scale, const float *a, int row_a, const float *b, int row_b,
                           float keep, float *c, int row_c);
typedef void double_product(int order, int transpose_a, int transpose_b, int m, int n, int k,
                            double scale, const double *a, int row_a, const double *b, int row_b,
                            double keep, double *c, int row_c);

static struct {
    void *handle;
    float_product *sgemm;
    double_product *dgemm;
    char *(*core)(void);
    char *(*config)(void);
    void (*set_threads)(int threads);
} library;

/* POSIX: an address from dlsym() may be stored as one of a function. */
static bool find(void *handle, const char *name, void *function)
{
    void *address = dlsym(handle, name);
    memcpy(function, &address, sizeof address);
    return address;
}

static bool find_all(void *handle)
{
    return find(handle, "cblas_sgemm", &library.sgemm) &&
           find(handle, "cblas_dgemm", &library.dgemm) &&
           find(handle, "openblas_get_corename", &library.core) &&
           find(handle, "openblas_get_config", &library.config) &&
           find(handle, "openblas_set_num_threads", &library.set_threads);
}

enum status blas_open(void)
{
    static const char *const NAMES[] = {"libopenblas.so.0", "libopenblas.so"};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES && !library.handle; i++) {
        void *handle = dlopen(NAMES[i], RTLD_NOW | RTLD_LOCAL);
        if (handle && find_all(handle))
            library.handle = handle;
        else if (handle)
            dlclose(handle);
    }
    if (!library.handle)
        return status_fail(NO_PROGRAM, "no OpenBLAS can be opened (Debian: libopenblas0)");
    return OK;
}

void blas_threads(size_t threads)
{
    assert(library.handle && threads > 0);
    library.set_threads((int)threads);
}

const char *blas_core(void)
{
    assert(library.handle);
    return library.core();
}

const char *blas_version(void)
{
    assert(library.handle);
    return library.config();
}

/* Is `flag` a word of `flags`? */
static bool has(const char *flags, const char *flag)
{
    const size_t length = strlen(flag);
    for (const char *at = strstr(flags, flag); at; at = strstr(at + 1, flag))
        if ((at == flags || strchr(" \t:", at[-1])) && strchr(" \n", at[length]))
            return true;
    return false;
}

static const char *core_of_flags(const char *flags)
{
    if (has(flags, "avx512f") && has(flags, "avx512bw") && has(flags, "avx512dq") &&
        has(flags, "avx512vl"))
        return "SKYLAKEX";
    if (has(flags, "avx2") && has(flags, "fma"))
        return "HASWELL";
    return has(flags, "avx") ? "SANDYBRIDGE" : NULL;
}

const char *blas_core_of_cpu(void)
{
    FILE *file = fopen("/proc/cpuinfo", "r");
    if (!file)
        return NULL;
    char line[FLAGS_SIZE];
    const char *core = NULL;
    while (!core && fgets(line, sizeof line, file))
        if (strncmp(line, "flags", strlen("flags")) == 0)
            core = core_of_flags(line);
    fclose(file);
    return core;
}

/* How wide the products of a core are: 0 for names that are not known, such as those to come. */
static unsigned width_of(const char *core)
{
    static const struct {
        const char *core;
        unsigned width; /* 1: SSE, 2: AVX, 3: AVX with fused operations, 4: AVX-512 */
    } WIDTHS[] = {
        {"Katmai", 1},       {"Coppermine", 1},     {"Northwood", 1},  {"Prescott", 1},
        {"Banias", 1},       {"Atom", 1},           {"Core2", 1},      {"Penryn", 1},
        {"Dunnington", 1},   {"Nehalem", 1},        {"Athlon", 1},     {"Opteron", 1},
        {"Opteron_SSE3", 1}, {"Barcelona", 1},      {"Nano", 1},       {"Bobcat", 1},
        {"Sandybridge", 2},  {"Bulldozer", 3},      {"Piledriver", 3}, {"Steamroller", 3},
        {"Excavator", 3},    {"Haswell", 3},        {"Zen", 3},        {"SkylakeX", 4},
        {"Cooperlake", 4},   {"SapphireRapids", 4},
    };
    for (size_t i = 0; i < sizeof WIDTHS / sizeof *WIDTHS; i++)
        if (strcasecmp(WIDTHS[i].core, core) == 0)
            return WIDTHS[i].width;
    return 0;
}

bool blas_core_is_narrow(const char *core, const char *of_cpu)
{
    const unsigned width = width_of(core);
    return of_cpu && width > 0 && width < width_of(of_cpu);
}

static int transposition(bool transpose)
{
    return transpose ? TRANSPOSED : PLAIN;
}

void blas_float(const struct blas_product *product, float scale, const float *a, const float *b,
                float keep, float *c)
{
    assert(library.handle);
    library.sgemm(ROW_MAJOR, transposition(product->transpose_a),
                  transposition(product->transpose_b), (int)product->m, (int)product->n,
                  (int)product->k, scale, a, (int)product->row_a, b, (int)product->row_b, keep, c,
                  (int)product->row_c);
}

void blas_double(const struct blas_product *product, double scale, const double *a, const double *b,
                 double keep, double *c)
{
    assert(library.handle);
    library.dgemm(ROW_MAJOR, transposition(product->transpose_a),
                  transposition(product->transpose_b), (int)product->m, (int)product->n,
                  (int)product->k, scale, a, (int)product->row_a, b, (int)product->row_b, keep, c,
                  (int)product->row_c);
}
