/* JSON as the contract wants it.
 *
 * JSON has no NaN and no infinity, so a number that does not apply becomes null.  Doubles are
 * printed with 17 significant digits and round-trip; keys keep the order in which they were set,
 * which is the order of the documentation.  Rejected: printing JSON by hand (strings need escapes).
 */
#include "cli/json.h"

#include "base/folder.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS = 17, INDENT = 1, ASCII_MOST = 127 };

static const size_t FLAGS = JSON_INDENT(INDENT) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(DIGITS);

json_t *json_finite(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

json_t *json_vector(size_t count, const double *values)
{
    json_t *array = json_array();
    for (size_t k = 0; k < count; k++)
        if (json_array_append_new(array, json_finite(values[k])) != 0) {
            json_decref(array);
            return NULL;
        }
    return array;
}

/* The text with every byte that is not ASCII replaced by '?'. */
static json_t *ascii_text(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = malloc(size);
    if (!copy)
        return NULL;
    memcpy(copy, text, size);
    for (char *byte = copy; *byte; byte++)
        if ((unsigned char)*byte > ASCII_MOST)
            *byte = '?';
    json_t *string = json_string(copy);
    free(copy);
    return string;
}

json_t *json_seed(uint64_t seed)
{
    if (seed <= INT64_MAX)
        return json_integer((json_int_t)seed);
    return json_sprintf("%" PRIu64, seed);
}

json_t *json_text(const char *text)
{
    if (!text)
        return json_null();
    json_t *string = json_string(text); /* NULL if this is not UTF-8 */
    return string ? string : ascii_text(text);
}

enum status json_print(json_t *value, FILE *file)
{
    if (!value)
        return status_fail(NO_MEMORY, "no memory for the JSON text");
    int failed = json_dumpf(value, file, FLAGS);
    json_decref(value);
    if (failed || fputc('\n', file) == EOF)
        return status_fail(CANNOT_WRITE, "standard output: %s", strerror(errno));
    return OK;
}

enum status json_save(json_t *value, const char *directory, const char *name)
{
    char *text = value ? json_dumps(value, FLAGS) : NULL;
    json_decref(value);
    if (!text)
        return status_fail(NO_MEMORY, "no memory for %s", name);
    enum status status = folder_write(directory, name, text);
    free(text);
    return status;
}
