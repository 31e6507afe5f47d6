/* An instance as the command that reproduces it. */
#include "proofs-check/instance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A growing text in a fixed buffer. */
struct text {
    char *at;
    size_t left;
};

static void append(struct text *text, const char *piece)
{
    const size_t length = strlen(piece);
    if (length < text->left) {
        memcpy(text->at, piece, length + 1);
        text->at += length;
        text->left -= length;
    } else {
        text->left = 0; /* full: instance_command() reports it */
    }
}

/* The shortest decimal that reads back as the same double. */
static void append_number(struct text *text, double value)
{
    enum { DIGITS_MOST = 17 };
    char piece[32], shortest[32] = "";
    for (int digits = 1; digits <= DIGITS_MOST; digits++) {
        snprintf(piece, sizeof piece, "%.*g", digits, value);
        if (strtod(piece, NULL) == value &&
            (shortest[0] == '\0' || strlen(piece) < strlen(shortest)))
            memcpy(shortest, piece, sizeof shortest); /* 30 and not 3e+01 */
    }
    append(text, shortest);
}

static void append_list(struct text *text, const char *option, size_t count, const double *value)
{
    if (count == 0)
        return;
    append(text, option);
    for (size_t i = 0; i < count; i++) {
        append(text, i == 0 ? " " : ",");
        append_number(text, value[i]);
    }
}

enum status instance_command(const struct instance *instance, size_t size, char *buffer)
{
    const struct problem *p = &instance->problem;
    struct text text = {.at = buffer, .left = size};
    append(&text, "settle run ");
    append(&text, p->system->name);
    if (p->rule) {
        char depth[48];
        snprintf(depth, sizeof depth, " --rule %s --depth %zu", p->rule->name, p->depth);
        append(&text, depth);
        append_list(&text, " --alpha", 1, &p->alpha);
        append_list(&text, " --beta", 1, &p->beta);
    }
    append_list(&text, " --q", p->q_count, p->q);
    append_list(&text, " --c", p->c_count, p->c);
    append_list(&text, " --rates", p->rate_count, p->rates);
    append_list(&text, " --lambda", p->lambda != 0, &p->lambda);
    append_list(&text, " --init", instance->dim, instance->x0);
    return text.left > 0 ? OK
                         : status_fail(BAD_ARGUMENT, "command longer than %zu characters", size);
}
