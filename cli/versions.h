/* The versions of this program and of its libraries, as loaded and not as compiled against.
 *
 * Shapes: version[VERSIONS_COUNT], settle first.  Memory: the caller's.  Errors: none. */
#ifndef CLI_VERSIONS_H
#define CLI_VERSIONS_H

enum { VERSIONS_COUNT = 10, VERSION_NUMBER_MAX = 32 };

struct version {
    const char *name;
    char number[VERSION_NUMBER_MAX];
};

void versions_loaded(struct version version[VERSIONS_COUNT]);

/* Those that the program was built with, in the same order. */
void versions_built(struct version version[VERSIONS_COUNT]);

#endif
