/* The nearest known name to a mistyped one.
 *
 * d[i][j], the distance of the first i letters of one word and the first j of the other, obeys
 *
 *   d[i][j] = min(d[i-1][j] + 1, d[i][j-1] + 1, d[i-1][j-1] + [x_i != y_j], swap)
 *
 * where swap = d[i-2][j-2] + 1 if x_i x_{i-1} = y_{j-1} y_j (Damerau 1964).  Words are cut at
 * WORD_MAX letters, so the table has a fixed size.  The threshold of a third lets one error pass in
 * a word of three letters and keeps `basin` from becoming `chain`. */
#include "base/nearest.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { WORD_MAX = 32, LETTERS_PER_ERROR = 3 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static bool is_same(char x, char y)
{
    return tolower((unsigned char)x) == tolower((unsigned char)y);
}

static size_t distance_of(const char *x, const char *y)
{
    size_t d[WORD_MAX + 1][WORD_MAX + 1];
    size_t m = least(strlen(x), WORD_MAX), n = least(strlen(y), WORD_MAX);
    for (size_t i = 0; i <= m; i++)
        for (size_t j = 0; j <= n; j++) {
            if (i == 0 || j == 0) {
                d[i][j] = i + j;
                continue;
            }
            d[i][j] = least(least(d[i - 1][j], d[i][j - 1]) + 1,
                            d[i - 1][j - 1] + !is_same(x[i - 1], y[j - 1]));
            if (i > 1 && j > 1 && is_same(x[i - 1], y[j - 2]) && is_same(x[i - 2], y[j - 1]))
                d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
        }
    return d[m][n];
}

struct nearest nearest_to(const char *text)
{
    return (struct nearest){.text = text, .name = NULL, .distance = SIZE_MAX};
}

void nearest_offer(struct nearest *nearest, const char *name)
{
    size_t typed = strlen(nearest->text), known = strlen(name);
    size_t longer = typed > known ? typed : known, shorter = least(typed, known);
    size_t distance = distance_of(nearest->text, name);
    int begins = shorter > 1 && strncasecmp(nearest->text, name, shorter) == 0;
    if (distance < nearest->distance && (begins || distance * LETTERS_PER_ERROR <= longer)) {
        nearest->name = name;
        nearest->distance = distance;
    }
}

const char *nearest_hint(const struct nearest *nearest, size_t size, char *hint)
{
    if (nearest->name)
        snprintf(hint, size, "; did you mean %s?", nearest->name);
    else
        hint[0] = '\0';
    return hint;
}
