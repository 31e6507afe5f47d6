/* The query of a request to the explorer: KEY=VALUE&KEY=VALUE...
 *
 * Whatever a request can say is here: keys are options of the command line out of a list, or those
 * of its own that an answer has; values have the letters, digits and . , + - / : _ and nothing else.
 * So there is no @FILE, and no option that names one.  An empty value drops the option with which
 * the explorer was started.
 * Memory: plain data; keys and values point into `text`, so a query must not be copied.
 * Errors: BAD_ARGUMENT with one line that says what is wrong. */
#ifndef CLI_EXPLORE_QUERY_H
#define CLI_EXPLORE_QUERY_H

#include "cli/options.h"

enum { EXPLORE_QUERY_MOST = 8192, EXPLORE_KEYS_MOST = 40 };

struct explore_query {
    size_t count;
    const char *key[EXPLORE_KEYS_MOST], *value[EXPLORE_KEYS_MOST];
    char text[EXPLORE_QUERY_MOST + 1];
};

/* raw: as the request has it, behind the question mark; own: further keys, separated by blanks. */
enum status explore_query_read(const char *raw, const char *own,
                               struct explore_query *query) MUST_CHECK;

/* NULL: the query has no such key. */
const char *explore_query_value(const struct explore_query *query, const char *key);

/* May a request give it? */
bool explore_query_allows(enum option_word option);

#endif
