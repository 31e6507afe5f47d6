/* Long texts broken into lines, greedily: each takes as many words as fit.
 *
 * A line that can end behind a comma does so if it wastes less than half of itself: captions are
 * lists of parameters, which read better whole.  Bytes and characters differ (UTF-8). */
#include "plots/lines.h"

#include <stdbool.h>
#include <string.h>

/* The first byte of a UTF-8 character? */
static bool is_first(char byte)
{
    return ((unsigned char)byte & 0xC0U) != 0x80U; /* RFC 3629: others are 10xxxxxx */
}

size_t lines_width(const char *text)
{
    size_t width = 0;
    for (; *text; text++)
        width += is_first(*text);
    return width;
}

/* Bytes of the line that `text` begins with: up to `width` characters and LINES_LENGTH - 1 bytes,
 * whole words if there is a blank, whole
 * clauses ("a3 = 0.5,") if that wastes less than half a line. */
static size_t line_length(const char *text, size_t width)
{
    size_t length = 0, blank = 0, comma = 0, characters = 0;
    for (; text[length]; length++) {
        characters += is_first(text[length]);
        if (characters > width || length + 1 >= LINES_LENGTH)
            break;
        if (text[length] == ' ')
            blank = length;
        if (text[length] == ' ' && length > 0 && text[length - 1] == ',')
            comma = length;
    }
    if (text[length] == '\0' || text[length] == ' ' || blank == 0)
        return length;
    return 2 * comma > blank ? comma : blank;
}

/* The last line says that something is missing. */
static void line_cut(char *line)
{
    static const char dots[] = "...";
    size_t length = strlen(line), most = LINES_LENGTH - sizeof dots;
    while (length > 0 && (length > most || !is_first(line[length])))
        length--;
    memcpy(line + length, dots, sizeof dots);
}

void lines_add(struct lines *lines, const char *text, size_t width)
{
    const size_t first = lines->count;
    while (text && *text) {
        if (lines->count == LINES_MOST || lines->count == first + LINES_EACH_MOST) {
            line_cut(lines->line[lines->count - 1]);
            return;
        }
        const size_t length = line_length(text, width);
        char *line = lines->line[lines->count++];
        memcpy(line, text, length);
        line[length] = '\0';
        text += length;
        text += strspn(text, " ");
    }
}
