/* The versions of FLINT and Arb, as loaded and not as compiled against. */
#include "exact/library.h"

const char *library_flint_version(void)
{
    return flint_version;
}

const char *library_arb_version(void)
{
#if __FLINT_RELEASE >= 30000
    return flint_version;
#else
    return arb_version;
#endif
}

const char *library_arb_version_built(void)
{
#if __FLINT_RELEASE >= 30000
    return FLINT_VERSION;
#else
    return ARB_VERSION;
#endif
}
