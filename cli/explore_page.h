/* The page of the explorer: one HTML text with its style, its script and, offline, its data.
 *
 * The policy lets the browser run that script and that style and nothing else, by their SHA-256, and
 * speak with nobody but the server of the page; offline with nobody.
 * Memory: explore_page_free().  Errors: NO_MEMORY; BAD_DATA, if the template lacks a mark. */
#ifndef CLI_EXPLORE_PAGE_H
#define CLI_EXPLORE_PAGE_H

#include "base/status.h"

#include <stddef.h>

enum { EXPLORE_POLICY_LENGTH = 512 };

struct explore_page {
    char *text;
    size_t length;
    char policy[EXPLORE_POLICY_LENGTH]; /* Content-Security-Policy */
};

/* For a server. */
enum status explore_page_make(struct explore_page *page) MUST_CHECK;

/* With data, JSON without the sequence "</": complete in itself. */
enum status explore_page_make_offline(const char *data, struct explore_page *page) MUST_CHECK;
void explore_page_free(struct explore_page *page);

#endif
