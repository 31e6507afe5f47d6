/* The query of a request to the explorer.
 *
 * It is read from the bytes of the request line by this file alone: no library takes it apart before,
 * so that a key given twice, a stray percent sign or a byte out of the alphabet is seen and refused.
 * Rejected: a list of forbidden options, which would let each new one in. */
#include "cli/explore_query.h"

#include "cli/command.h"

#include <ctype.h>
#include <string.h>

enum { SHOWN = 40, HEXADECIMAL = 16, DECIMAL = 10 };

/* What states a problem, how it is integrated, and what is looked at. */
static const enum option_word allowed[] = {OPTION_activation,
                                           OPTION_alpha,
                                           OPTION_atol,
                                           OPTION_beta,
                                           OPTION_biases,
                                           OPTION_c,
                                           OPTION_channel_activation,
                                           OPTION_depth,
                                           OPTION_gaussian,
                                           OPTION_grid,
                                           OPTION_horizon,
                                           OPTION_init,
                                           OPTION_inputs,
                                           OPTION_lambda,
                                           OPTION_method,
                                           OPTION_mirror,
                                           OPTION_mu,
                                           OPTION_no_derivative,
                                           OPTION_par,
                                           OPTION_plane,
                                           OPTION_q,
                                           OPTION_rates,
                                           OPTION_rtol,
                                           OPTION_rule,
                                           OPTION_sigma_ii,
                                           OPTION_sigma_ti,
                                           OPTION_sizes,
                                           OPTION_targets,
                                           OPTION_teacher,
                                           OPTION_weights,
                                           OPTION_window};

bool explore_query_allows(enum option_word option)
{
    for (size_t k = 0; k < sizeof allowed / sizeof *allowed; k++)
        if (allowed[k] == option)
            return true;
    return false;
}

static bool is_listed(const char *list, const char *word)
{
    const size_t length = strlen(word);
    for (const char *at = list; *at; at += strspn(at, " ")) {
        const size_t span = strcspn(at, " ");
        if (span == length && strncmp(at, word, length) == 0)
            return true;
        at += span;
    }
    return false;
}

static bool is_known(const char *own, const char *key)
{
    for (size_t k = 0; k < sizeof allowed / sizeof *allowed; k++)
        if (strcmp(options_name(allowed[k]), key) == 0)
            return true;
    return is_listed(own, key);
}

static bool is_good(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr(".,+-/:_", c) != NULL);
}

/* Of a hexadecimal digit; -1: it is none. */
static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + DECIMAL;
    return c >= 'A' && c <= 'F' ? c - 'A' + DECIMAL : -1;
}

/* The byte at *at, with %XX decoded, in a text of its own; *at moves behind it. */
static bool byte_take(const char **at, char *byte)
{
    *byte = **at;
    if (*(*at)++ != '%')
        return true;
    const int high = digit_value((*at)[0]), low = high < 0 ? -1 : digit_value((*at)[1]);
    if (low < 0)
        return false;
    *byte = (char)(HEXADECIMAL * high + low);
    *at += 2;
    return true;
}

/* The bytes up to a separator, which is left there, to *to. */
static bool part_take(const char **at, const char *separators, char **to)
{
    while (**at != '\0' && strchr(separators, **at) == NULL) {
        char byte;
        if (!byte_take(at, &byte) || !is_good(byte))
            return false;
        *(*to)++ = byte;
    }
    *(*to)++ = '\0';
    return true;
}

static enum status key_check(const struct explore_query *query, const char *own, const char *key)
{
    if (!is_known(own, key))
        return status_fail(BAD_ARGUMENT, "the query has no key '%.*s'", SHOWN, key);
    if (explore_query_value(query, key))
        return status_fail(BAD_ARGUMENT, "'%.*s' is given twice", SHOWN, key);
    if (query->count == EXPLORE_KEYS_MOST)
        return status_fail(BAD_ARGUMENT, "the query has more than %d keys", EXPLORE_KEYS_MOST);
    return OK;
}

/* KEY=VALUE from *at on. */
static enum status pair_take(const char **at, const char *own, char **to,
                             struct explore_query *query)
{
    const char *key = *to;
    if (!part_take(at, "=&", to))
        return status_fail(BAD_ARGUMENT, "a key of the query has a bad character");
    if (**at != '=')
        return status_fail(BAD_ARGUMENT, "'%.*s' has no value; expected KEY=VALUE", SHOWN, key);
    TRY(key_check(query, own, key));
    const char *value = *to;
    ++*at;
    if (!part_take(at, "&", to))
        return status_fail(BAD_ARGUMENT,
                           "the value of '%.*s' has a bad character; it may have letters, digits "
                           "and . , + - / : _",
                           SHOWN, key);
    query->key[query->count] = key;
    query->value[query->count++] = value;
    return OK;
}

enum status explore_query_read(const char *raw, const char *own, struct explore_query *query)
{
    char *to = query->text;
    query->count = 0;
    if (strlen(raw) > EXPLORE_QUERY_MOST)
        return status_fail(BAD_ARGUMENT, "the query has %zu bytes; at most %d are read",
                           strlen(raw), EXPLORE_QUERY_MOST);
    if (*raw == '\0')
        return OK;
    for (const char *at = raw;; at++) {
        TRY(pair_take(&at, own, &to, query));
        if (*at == '\0')
            return OK;
    }
}

const char *explore_query_value(const struct explore_query *query, const char *key)
{
    for (size_t k = 0; k < query->count; k++)
        if (strcmp(query->key[k], key) == 0)
            return query->value[k];
    return NULL;
}
