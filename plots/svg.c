/* SVG made fit to stand inside a page.
 *
 * One pass over the text copies what is on two lists, of elements and of attributes, and fails at
 * the first thing that is not.  The grammar is stricter than XML: attributes are quoted, entities
 * are the five of XML or numbers, there is no CDATA, and every element is closed by its own name, so
 * that a parser of HTML reads the same tree.  References go to ids of the figure itself, or are
 * pictures in base64.  The lists hold what gnuplot and cairo write.  Rejected: an <img> with the
 * figure in it, which is as safe, but whose letters can be neither searched nor copied. */
#include "plots/svg.h"

#include "plots/markup.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_MOST = 32, DEPTH_MOST = 64, EXCERPT = 24, ATTRIBUTES_MOST = 40 };

/* With blanks around every word. */
static const char ELEMENTS[] =
    " circle clipPath defs desc ellipse feComposite feFlood feMerge feMergeNode filter g image "
    "line "
    "linearGradient marker mask path pattern polygon polyline radialGradient rect stop svg symbol "
    "text title tspan use ";
static const char ATTRIBUTES[] =
    " baseline-shift clip-path clip-rule clipPathUnits color cx cy d dx dy dominant-baseline fill "
    "fill-opacity fill-rule filter filterUnits flood-color flood-opacity font-family font-size "
    "font-style font-weight fx fy gradientTransform gradientUnits height id image-rendering in in2 "
    "marker-end marker-mid marker-start markerHeight markerUnits markerWidth mask offset opacity "
    "operator orient patternTransform patternUnits points preserveAspectRatio r refX refY result "
    "rotate rx ry shape-rendering stop-color stop-opacity stroke stroke-dasharray "
    "stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity "
    "stroke-width style text-anchor text-decoration text-rendering textLength transform viewBox "
    "width x x1 x2 xlink:href href xml:space y y1 y2 ";
static const char DROPPED[] = " class version xmlns xmlns:xlink "; /* attributes left out */
static const char PICTURE[] = "data:image/png;base64,";

struct scanner {
    const char *start, *at, *prefix;
    FILE *body;
    struct svg *svg;
    size_t depth, silent; /* elements that are open; the depth since a title, or 0 */
    char open[DEPTH_MOST][NAME_MOST];
    char line[SVG_WORDS_MAX]; /* the text element in work */
    size_t line_length;
    double shift; /* of its letters, downwards */
};

struct attribute {
    char name[NAME_MOST];
    const char *value;
    size_t length;
};

struct tag {
    char name[NAME_MOST];
    bool empty;
    size_t attributes;
    struct attribute attribute[ATTRIBUTES_MOST];
};

static enum status refuse(const struct scanner *scanner, const char *what)
{
    char excerpt[EXCERPT + 1];
    snprintf(excerpt, sizeof excerpt, "%s", scanner->at);
    for (char *c = excerpt; *c; c++)
        *c = (char)(isprint((unsigned char)*c) ? *c : '?');
    return status_fail(BAD_DATA, "%s at byte %zu: %s", what, (size_t)(scanner->at - scanner->start),
                       excerpt);
}

static bool is_listed(const char *list, const char *name)
{
    char word[NAME_MOST + 2];
    snprintf(word, sizeof word, " %s ", name);
    return strstr(list, word) != NULL;
}

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static void blanks_pass(struct scanner *scanner)
{
    scanner->at += strspn(scanner->at, " \t\r\n");
}

/* ---- names, values, references ---- */

static enum status name_take(struct scanner *scanner, char name[NAME_MOST])
{
    const size_t length =
        strspn(scanner->at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:-");
    if (length == 0 || length >= NAME_MOST)
        return refuse(scanner, "a name is expected");
    memcpy(name, scanner->at, length);
    name[length] = '\0';
    scanner->at += length;
    return OK;
}

/* &amp; and the like; length 0: none that is known. */
static size_t span_entity(const char *text)
{
    static const char *const known[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"};
    for (size_t k = 0; k < sizeof known / sizeof *known; k++)
        if (begins(text, known[k]))
            return strlen(known[k]);
    const bool hexadecimal = begins(text, "&#x");
    const size_t lead = strlen(hexadecimal ? "&#x" : "&#");
    if (!begins(text, "&#"))
        return 0;
    const size_t digits =
        strspn(text + lead, hexadecimal ? "0123456789abcdefABCDEF" : "0123456789");
    return digits > 0 && text[lead + digits] == ';' ? lead + digits + 1 : 0;
}

static bool is_id(const char *text, size_t length)
{
    for (size_t k = 0; k < length; k++)
        if (!isalnum((unsigned char)text[k]) && !strchr("_.-", text[k]))
            return false;
    return length > 0;
}

static bool is_picture(const char *value, size_t length)
{
    const size_t lead = strlen(PICTURE);
    return length > lead && begins(value, PICTURE) &&
           strspn(value + lead,
                  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= \n\r") >=
               length - lead;
}

static enum status reference_write(struct scanner *scanner, const struct tag *tag,
                                   const struct attribute *attribute)
{
    const char *value = attribute->value;
    const size_t length = attribute->length;
    if (*value == '#' && is_id(value + 1, length - 1))
        fprintf(scanner->body, " href=\"#%s%.*s\"", scanner->prefix, (int)(length - 1), value + 1);
    else if (strcmp(tag->name, "image") == 0 && is_picture(value, length))
        fprintf(scanner->body, " href=\"%.*s\"", (int)length, value);
    else
        return refuse(scanner, "a reference to something else");
    return OK;
}

/* url(#id) alone, with the prefix. */
static enum status local_write(struct scanner *scanner, const struct attribute *attribute)
{
    const char *value = attribute->value;
    const size_t quote = begins(value, "url('#") || begins(value, "url(\"#");
    const size_t lead = strlen("url(#") + quote, tail = strlen(")") + quote;
    if (attribute->length <= lead + tail || !begins(value, quote ? "url(" : "url(#") ||
        !is_id(value + lead, attribute->length - lead - tail) ||
        value[attribute->length - 1] != ')')
        return refuse(scanner, "a reference to something else");
    fprintf(scanner->body, " %s=\"url(#%s%.*s)\"", attribute->name, scanner->prefix,
            (int)(attribute->length - lead - tail), value + lead);
    return OK;
}

static bool holds(const struct attribute *attribute, const char *word)
{
    const size_t length = strlen(word);
    for (size_t k = 0; k + length <= attribute->length; k++)
        if (strncmp(attribute->value + k, word, length) == 0)
            return true;
    return false;
}

/* Letters, digits and punctuation that neither ends a value nor begins anything. */
static enum status value_check(struct scanner *scanner, const struct attribute *attribute)
{
    for (size_t k = 0; k < attribute->length; k++) {
        const char c = attribute->value[k];
        const bool entity = c == '&' && span_entity(attribute->value + k) > 0;
        if (!entity && (!isprint((unsigned char)c) || strchr("<>\"\\`@&", c)) &&
            !strchr(" \n\r\t", c))
            return refuse(scanner, "a value that is not understood");
    }
    return strcmp(attribute->name, "style") == 0 && holds(attribute, "&")
               ? refuse(scanner, "a style that is not understood")
               : OK;
}

static enum status attribute_write(struct scanner *scanner, const struct tag *tag,
                                   const struct attribute *attribute)
{
    const char *name = attribute->name;
    if (is_listed(DROPPED, name))
        return OK;
    if (!is_listed(ATTRIBUTES, name))
        return refuse(scanner, "an attribute that is not understood");
    if (strcmp(name, "xlink:href") == 0 || strcmp(name, "href") == 0)
        return reference_write(scanner, tag, attribute);
    TRY(value_check(scanner, attribute));
    if (holds(attribute, "url"))
        return local_write(scanner, attribute);
    if (strcmp(name, "id") == 0 && !is_id(attribute->value, attribute->length))
        return refuse(scanner, "an id that is not understood");
    fprintf(scanner->body, " %s=\"%s%.*s\"", name, strcmp(name, "id") == 0 ? scanner->prefix : "",
            (int)attribute->length, attribute->value);
    return OK;
}

/* ---- tags ---- */

static enum status attribute_take(struct scanner *scanner, struct tag *tag)
{
    if (tag->attributes == ATTRIBUTES_MOST)
        return refuse(scanner, "too many attributes");
    struct attribute *attribute = &tag->attribute[tag->attributes];
    TRY(name_take(scanner, attribute->name));
    for (size_t k = 0; k < tag->attributes; k++)
        if (strcmp(tag->attribute[k].name, attribute->name) == 0)
            return refuse(scanner, "an attribute is given twice");
    blanks_pass(scanner);
    if (*scanner->at != '=')
        return refuse(scanner, "an attribute without a value");
    scanner->at++;
    blanks_pass(scanner);
    const char quote = *scanner->at;
    const char *end = quote == '"' || quote == '\'' ? strchr(scanner->at + 1, quote) : NULL;
    if (!end)
        return refuse(scanner, "a value that is not quoted");
    attribute->value = scanner->at + 1;
    attribute->length = (size_t)(end - attribute->value);
    scanner->at = end + 1;
    tag->attributes++;
    return OK;
}

static enum status tag_take(struct scanner *scanner, struct tag *tag)
{
    *tag = (struct tag){.empty = false};
    TRY(name_take(scanner, tag->name));
    for (;;) {
        const char *before = scanner->at;
        blanks_pass(scanner);
        tag->empty = begins(scanner->at, "/>");
        if (tag->empty || *scanner->at == '>') {
            scanner->at += tag->empty ? 2 : 1;
            return is_listed(ELEMENTS, tag->name)
                       ? OK
                       : status_fail(BAD_DATA, "an element that is not understood: %s", tag->name);
        }
        if (scanner->at == before)
            return refuse(scanner, "a tag that is not understood");
        TRY(attribute_take(scanner, tag));
    }
}

static void root_take(struct scanner *scanner, const struct tag *tag)
{
    const struct {
        const char *name;
        char *text;
    } wanted[] = {{"width", scanner->svg->width},
                  {"height", scanner->svg->height},
                  {"viewBox", scanner->svg->box}};
    for (size_t k = 0; k < tag->attributes; k++)
        for (size_t j = 0; j < sizeof wanted / sizeof *wanted; j++)
            if (strcmp(tag->attribute[k].name, wanted[j].name) == 0)
                snprintf(wanted[j].text, SVG_SIZE_MAX, "%.*s", (int)tag->attribute[k].length,
                         tag->attribute[k].value);
}

static enum status element_write(struct scanner *scanner, const struct tag *tag)
{
    if (scanner->silent)
        return OK;
    fprintf(scanner->body, "<%s", tag->name);
    for (size_t k = 0; k < tag->attributes; k++)
        TRY(attribute_write(scanner, tag, &tag->attribute[k]));
    fputs(tag->empty ? "/>" : ">", scanner->body);
    return OK;
}

static void letter_add(struct scanner *scanner, char c)
{
    const bool blank = isspace((unsigned char)c) != 0;
    const size_t length = scanner->line_length;
    if (length + 2 > sizeof scanner->line ||
        (blank && (length == 0 || scanner->line[length - 1] == ' ')))
        return;
    scanner->line[scanner->line_length++] = (char)(blank ? ' ' : c);
}

/* Raised letters are an exponent. */
static void shift_add(struct scanner *scanner, const struct tag *tag)
{
    static const double RAISED = -1; /* pixels; gnuplot raises by 3 and more */
    const double before = scanner->shift;
    for (size_t k = 0; k < tag->attributes; k++)
        if (strcmp(tag->attribute[k].name, "dy") == 0)
            scanner->shift += strtod(tag->attribute[k].value, NULL);
    if (scanner->shift <= RAISED && !(before <= RAISED))
        letter_add(scanner, '^');
}

static enum status element_begin(struct scanner *scanner)
{
    struct tag tag;
    TRY(tag_take(scanner, &tag));
    const bool root = strcmp(tag.name, "svg") == 0;
    if (root != (scanner->depth == 0) || (root && tag.empty) || scanner->depth == DEPTH_MOST)
        return refuse(scanner, "the figure is not one element svg");
    if (root)
        root_take(scanner, &tag);
    if (!scanner->silent && (strcmp(tag.name, "title") == 0 || strcmp(tag.name, "desc") == 0))
        scanner->silent = tag.empty ? 0 : scanner->depth;
    else if (!root)
        TRY(element_write(scanner, &tag));
    if (strcmp(tag.name, "text") == 0)
        scanner->shift = 0;
    if (strcmp(tag.name, "tspan") == 0)
        shift_add(scanner, &tag);
    if (!tag.empty)
        memcpy(scanner->open[scanner->depth++], tag.name, NAME_MOST);
    return OK;
}

/* ---- what can be read ---- */

/* A text of one word is a number at an axis. */
static void line_end(struct scanner *scanner)
{
    while (scanner->line_length > 0 && scanner->line[scanner->line_length - 1] == ' ')
        scanner->line_length--;
    scanner->line[scanner->line_length] = '\0';
    char *words = scanner->svg->words;
    const size_t length = strlen(words);
    if (strchr(scanner->line, ' ') && length + scanner->line_length + 2 < SVG_WORDS_MAX)
        snprintf(words + length, SVG_WORDS_MAX - length, "%s%s", length ? "; " : "", scanner->line);
    scanner->line_length = 0;
}

static bool in_text(const struct scanner *scanner)
{
    for (size_t k = 0; k < scanner->depth; k++)
        if (strcmp(scanner->open[k], "text") == 0)
            return true;
    return false;
}

static enum status letters_take(struct scanner *scanner)
{
    const bool read = in_text(scanner) && !scanner->silent;
    const char *start = scanner->at;
    while (*scanner->at && *scanner->at != '<') {
        const size_t entity = *scanner->at == '&' ? span_entity(scanner->at) : 0;
        if (*scanner->at == '&' && entity == 0)
            return refuse(scanner, "an entity that is not understood");
        if (scanner->depth == 0 && !isspace((unsigned char)*scanner->at))
            return refuse(scanner, "text outside the figure");
        if (read)
            letter_add(scanner, begins(scanner->at, "&lt;")   ? '<'
                                : begins(scanner->at, "&gt;") ? '>'
                                                              : *scanner->at);
        scanner->at += entity ? entity : 1;
    }
    if (scanner->depth > 0 && !scanner->silent)
        fwrite(start, 1, (size_t)(scanner->at - start), scanner->body);
    return OK;
}

static enum status element_end(struct scanner *scanner)
{
    char name[NAME_MOST];
    TRY(name_take(scanner, name));
    blanks_pass(scanner);
    if (scanner->depth == 0 || *scanner->at != '>' ||
        strcmp(scanner->open[scanner->depth - 1], name) != 0)
        return refuse(scanner, "an end without its beginning");
    scanner->at++;
    scanner->depth--;
    if (strcmp(name, "text") == 0)
        line_end(scanner);
    if (scanner->silent == scanner->depth && scanner->silent > 0)
        scanner->silent = 0;
    else if (!scanner->silent && scanner->depth > 0)
        fprintf(scanner->body, "</%s>", name);
    return OK;
}

/* ---- the whole ---- */

static enum status passed(struct scanner *scanner, const char *end)
{
    const char *at = strstr(scanner->at, end);
    if (!at)
        return refuse(scanner, "an end is missing");
    scanner->at = at + strlen(end);
    return OK;
}

static enum status declaration_pass(struct scanner *scanner)
{
    const char *end = strchr(scanner->at, '>'), *subset = strchr(scanner->at, '[');
    if (scanner->depth > 0 || !end || (subset && subset < end))
        return refuse(scanner, "a declaration that is not understood");
    return passed(scanner, ">");
}

static enum status figure_scan(struct scanner *scanner)
{
    bool whole = false;
    while (*scanner->at) {
        if (begins(scanner->at, "<?xml ")) {
            TRY(passed(scanner, "?>"));
        } else if (begins(scanner->at, "<!--")) {
            TRY(passed(scanner, "-->"));
        } else if (begins(scanner->at, "<!DOCTYPE")) {
            TRY(declaration_pass(scanner));
        } else if (begins(scanner->at, "</")) {
            scanner->at += 2;
            TRY(element_end(scanner));
            whole |= scanner->depth == 0;
        } else if (*scanner->at == '<') {
            scanner->at++;
            if (whole)
                return refuse(scanner, "a second element");
            TRY(element_begin(scanner));
        } else {
            TRY(letters_take(scanner));
        }
    }
    return whole ? OK : refuse(scanner, "the figure has no end");
}

/* "0 0 325 420", "325", "325px" */
static bool is_measure(const char *text)
{
    const size_t length = strspn(text, "0123456789.- ");
    return length > 0 && (text[length] == '\0' || strcmp(text + length, "px") == 0 ||
                          strcmp(text + length, "pt") == 0);
}

static enum status figure_check(const struct svg *svg)
{
    if (!is_measure(svg->width) || !is_measure(svg->height) || !is_measure(svg->box))
        return status_fail(BAD_DATA, "the figure does not say its size");
    return OK;
}

/* UTF-8 without control characters. */
static enum status letters_check(const char *text)
{
    size_t bytes;
    for (size_t k = 0, length = strlen(text); k < length; k += bytes) {
        const unsigned long code = markup_character(text + k, length - k, &bytes);
        if (code == MARKUP_REPLACEMENT || (code < ' ' && !isspace((int)code)))
            return status_fail(BAD_DATA, "a byte that is no text at byte %zu", k);
    }
    return OK;
}

enum status svg_read(const char *text, const char *prefix, struct svg *svg)
{
    TRY(letters_check(text));
    struct svg made = {.body = NULL};
    struct scanner *scanner = calloc(1, sizeof *scanner);
    size_t length = 0;
    if (!scanner)
        return status_fail(NO_MEMORY, "no memory for a figure");
    *scanner = (struct scanner){.start = text, .at = text, .prefix = prefix, .svg = &made};
    scanner->body = open_memstream(&made.body, &length);
    enum status status =
        scanner->body ? figure_scan(scanner) : status_fail(NO_MEMORY, "no memory for a figure");
    if (scanner->body && fclose(scanner->body) != 0 && status == OK)
        status = status_fail(NO_MEMORY, "no memory for a figure");
    free(scanner);
    if (status == OK)
        status = figure_check(&made);
    if (status == OK)
        *svg = made;
    else
        svg_free(&made);
    return status;
}

void svg_free(struct svg *svg)
{
    free(svg->body);
    svg->body = NULL;
}
