/* The tables of a picture in memory: what is computed once is written to files, or sent to a browser.
 *
 * A sheet has rows of numbers, broken by empty lines where one curve ends and the next begins; its
 * name is that of its file.
 * Shapes: value[rows*width]; an empty line stands before row cut[k], k < cuts, which do not decrease.
 * Memory: the sheets of a picture are one list, freed by plane_sheets_free().
 * Errors: NO_MEMORY, remembered while rows come and reported by plane_sheet_check(); those of
 * files. */
#ifndef CLI_PLANE_SHEET_H
#define CLI_PLANE_SHEET_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

enum { PLANE_SHEETS_MOST = 24, PLANE_SHEET_NAME = 64 };

struct plane_sheet {
    char name[PLANE_SHEET_NAME];
    const char *columns; /* names, separated by spaces: a constant */
    size_t width, rows, room, cuts, cut_room;
    double *value;
    size_t *cut;
    bool failed;
};

struct plane_sheets {
    size_t count;
    struct plane_sheet *sheet[PLANE_SHEETS_MOST];
};

enum status plane_sheet_open(struct plane_sheets *sheets, const char *name, const char *columns,
                             struct plane_sheet **sheet) MUST_CHECK;
void plane_sheet_row(struct plane_sheet *sheet, size_t count, const double *values);
void plane_sheet_blank(struct plane_sheet *sheet); /* a curve ends */
enum status plane_sheet_check(const struct plane_sheet *sheet) MUST_CHECK;

/* NULL: there is none of this name. */
const struct plane_sheet *plane_sheet_named(const struct plane_sheets *sheets, const char *name);

/* Each sheet as a table of the directory. */
enum status plane_sheets_save(const struct plane_sheets *sheets, const char *directory) MUST_CHECK;
void plane_sheets_free(struct plane_sheets *sheets);

#endif
