/* The ledger, on SQLite: a kill at any moment leaves it whole.
 *
 * It is read and written by one thread.  Doubles lie in it as this machine has them; a ledger from
 * a machine of another byte order is told by the parameter "bytes", like any other difference.
 * Rejected: a row for each cell, which is ten times slower and larger. */
#include "cli/basin_ledger.h"

#include "base/folder.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

enum { PATIENCE_MILLISECONDS = 5000, VALUE_SHOWN = 120, SUM_BITS = 32 };

struct basin_ledger {
    sqlite3 *database;
    sqlite3_stmt *made, *save, *load;
    char path[FOLDER_PATH_MAX];
};

static const char SCHEMA[] =
    "CREATE TABLE IF NOT EXISTS parameter (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS tile (number INTEGER PRIMARY KEY, cells BLOB, sum INTEGER);"
    "CREATE TABLE IF NOT EXISTS batch (list TEXT, number INTEGER, cells BLOB, sum INTEGER, "
    "PRIMARY KEY (list, number));"
    "CREATE INDEX IF NOT EXISTS made ON tile (number);" /* small beside the cells */
    "PRAGMA user_version = 2";                          /* LAYOUT */

static const size_t LAYOUT = 2; /* of the tables; 1 had no sums and no number */

static const char REMEDY[] = "; without --resume the map is made anew";

/* What is there is no ledger, or not a whole one. */
static bool is_spoilt(const struct basin_ledger *ledger)
{
    const int code = ledger->database ? sqlite3_errcode(ledger->database) : SQLITE_OK;
    return code == SQLITE_NOTADB || code == SQLITE_CORRUPT;
}

static enum status ledger_fail(const struct basin_ledger *ledger)
{
    if (is_spoilt(ledger))
        return status_fail(STORE_FAILED,
                           "%s: %s; nothing can be resumed from it: without --resume it is "
                           "replaced",
                           ledger->path, sqlite3_errmsg(ledger->database));
    return status_fail(STORE_FAILED, "%s: %s", *ledger->path ? ledger->path : "temporary ledger",
                       ledger->database ? sqlite3_errmsg(ledger->database) : "out of memory");
}

static enum status execute(struct basin_ledger *ledger, const char *sql)
{
    if (sqlite3_exec(ledger->database, sql, NULL, NULL, NULL) != SQLITE_OK)
        return ledger_fail(ledger);
    return OK;
}

static enum status prepare(struct basin_ledger *ledger, const char *sql, sqlite3_stmt **statement)
{
    if (sqlite3_prepare_v2(ledger->database, sql, -1, statement, NULL) != SQLITE_OK)
        return ledger_fail(ledger);
    return OK;
}

/* ---- parameters ---- */

static enum status parameter_insert(struct basin_ledger *ledger, sqlite3_stmt *statement,
                                    const char *name, const char *value)
{
    sqlite3_bind_text(statement, 1, name, -1, SQLITE_TRANSIENT);
    sqlite3_bind_text(statement, 2, value, -1, SQLITE_TRANSIENT);
    if (sqlite3_step(statement) != SQLITE_DONE)
        return ledger_fail(ledger);
    sqlite3_reset(statement);
    return OK;
}

/* Calls take(name, value as a text) for every parameter, in the order of the object. */
static enum status parameters_each(struct basin_ledger *ledger, sqlite3_stmt *statement,
                                   json_t *parameters,
                                   enum status (*take)(struct basin_ledger *, sqlite3_stmt *,
                                                       const char *, const char *))
{
    const char *name;
    json_t *value;
    json_object_foreach(parameters, name, value)
    {
        char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_SORT_KEYS);
        if (!text)
            return status_fail(NO_MEMORY, "the parameter %s", name);
        const enum status status = take(ledger, statement, name, text);
        free(text);
        TRY(status);
    }
    return OK;
}

static enum status parameters_save(struct basin_ledger *ledger, json_t *parameters)
{
    sqlite3_stmt *statement;
    TRY(prepare(ledger, "INSERT INTO parameter VALUES (?, ?)", &statement));
    const enum status status = parameters_each(ledger, statement, parameters, parameter_insert);
    sqlite3_finalize(statement);
    return status;
}

static enum status parameter_compare(struct basin_ledger *ledger, sqlite3_stmt *statement,
                                     const char *name, const char *value)
{
    sqlite3_bind_text(statement, 1, name, -1, SQLITE_TRANSIENT);
    const int code = sqlite3_step(statement);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return ledger_fail(ledger);
    const char *old =
        code == SQLITE_ROW ? (const char *)sqlite3_column_text(statement, 0) : "nothing";
    enum status status = OK;
    if (!old || strcmp(old, value) != 0)
        status =
            status_fail(BAD_ARGUMENT,
                        "--resume: %s was made with another %s: %.*s, not %.*s; give the "
                        "same one or another --out",
                        ledger->path, name, VALUE_SHOWN, old ? old : "nothing", VALUE_SHOWN, value);
    sqlite3_reset(statement);
    return status;
}

static enum status parameters_compare(struct basin_ledger *ledger, json_t *parameters)
{
    sqlite3_stmt *statement;
    TRY(prepare(ledger, "SELECT value FROM parameter WHERE name = ?", &statement));
    const enum status status = parameters_each(ledger, statement, parameters, parameter_compare);
    sqlite3_finalize(statement);
    return status;
}

/* ---- opening and closing ---- */

static enum status count_rows(struct basin_ledger *ledger, const char *sql, size_t *rows)
{
    sqlite3_stmt *statement;
    TRY(prepare(ledger, sql, &statement));
    const bool stepped = sqlite3_step(statement) == SQLITE_ROW;
    if (stepped)
        *rows = (size_t)sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return stepped ? OK : ledger_fail(ledger);
}

static enum status layout_check(struct basin_ledger *ledger)
{
    size_t layout = 0, tables = 0;
    TRY(count_rows(ledger, "SELECT user_version FROM pragma_user_version", &layout));
    TRY(count_rows(ledger, "SELECT count(*) FROM sqlite_master", &tables));
    return layout == LAYOUT || tables == 0
               ? OK
               : status_fail(BAD_DATA,
                             "%s was made by another version of settle, or is damaged; nothing "
                             "can be resumed from it: without --resume it is replaced",
                             ledger->path);
}

/* Tables and parameters come in one transaction: a ledger has all of them, or none. */
static enum status set_up(struct basin_ledger *ledger, json_t *parameters)
{
    size_t rows = 0;
    TRY(execute(ledger, "BEGIN IMMEDIATE"));
    TRY(layout_check(ledger));
    TRY(execute(ledger, SCHEMA));
    TRY(count_rows(ledger, "SELECT count(*) FROM parameter", &rows));
    if (rows == 0)
        TRY(parameters_save(ledger, parameters));
    else
        TRY(parameters_compare(ledger, parameters));
    return execute(ledger, "COMMIT");
}

static enum status ledger_open(struct basin_ledger *ledger, const char *file, json_t *parameters)
{
    if (sqlite3_open(ledger->path, &ledger->database) != SQLITE_OK)
        return ledger_fail(ledger);
    sqlite3_busy_timeout(ledger->database, PATIENCE_MILLISECONDS);
    if (strcmp(file, BASIN_LEDGER_FILE) != 0) /* a part; without shared memory on the way */
        TRY(execute(ledger, "PRAGMA locking_mode = EXCLUSIVE"));
    TRY(execute(ledger, "PRAGMA journal_mode = WAL"));
    TRY(execute(ledger, "PRAGMA synchronous = NORMAL"));
    TRY(set_up(ledger, parameters));
    TRY(prepare(ledger, "SELECT number FROM tile INDEXED BY made WHERE number >= ? ORDER BY number",
                &ledger->made));
    TRY(prepare(ledger, "INSERT OR REPLACE INTO tile VALUES (?, ?, ?)", &ledger->save));
    return prepare(ledger, "SELECT cells, sum FROM tile WHERE number = ?", &ledger->load);
}

static enum status ledger_make(const char *directory, const char *file, json_t *parameters,
                               struct basin_ledger **ledger)
{
    struct basin_ledger *made = calloc(1, sizeof *made);
    if (!made)
        return status_fail(NO_MEMORY, "no memory for the ledger");
    enum status status = OK;
    if (directory) /* without a path SQLite makes a temporary file, and removes it */
        status = folder_join(directory, file, sizeof made->path, made->path);
    if (status == OK)
        status = ledger_open(made, file, parameters);
    if (status == OK) {
        *ledger = made;
        return OK;
    }
    const enum status ignored = basin_ledger_close(made); /* the first failure is told */
    (void)ignored;
    return status;
}

enum status basin_ledger_resume(const char *directory, const char *file, json_t *parameters,
                                struct basin_ledger **ledger)
{
    return ledger_make(directory, file, parameters, ledger);
}

bool basin_ledger_has_cells(const char *directory, const char *file)
{
    struct basin_ledger ledger = {.database = NULL};
    size_t tiles = 0;
    if (folder_join(directory, file, sizeof ledger.path, ledger.path) != OK)
        return false;
    const bool counted =
        sqlite3_open_v2(ledger.path, &ledger.database, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
        count_rows(&ledger, "SELECT count(*) FROM (SELECT 1 FROM tile LIMIT 1)", &tiles) == OK;
    sqlite3_close(ledger.database);
    return counted && tiles > 0;
}

enum status basin_ledger_create(const char *directory, const char *file, json_t *parameters,
                                struct basin_ledger **ledger)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    char name[FOLDER_PATH_MAX], path[FOLDER_PATH_MAX];
    for (size_t k = 0; directory && k < sizeof ends / sizeof *ends; k++) {
        snprintf(name, sizeof name, "%s%s", file, ends[k]);
        TRY(folder_join(directory, name, sizeof path, path));
        unlink(path); /* one that stays is compared, and refused if it differs */
    }
    return ledger_make(directory, file, parameters, ledger);
}

enum status basin_ledger_close(struct basin_ledger *ledger)
{
    if (!ledger)
        return OK;
    enum status status = OK;
    sqlite3_finalize(ledger->made);
    sqlite3_finalize(ledger->save);
    sqlite3_finalize(ledger->load);
    if (sqlite3_close(ledger->database) != SQLITE_OK)
        status = ledger_fail(ledger);
    free(ledger);
    return status;
}

/* ---- tiles ---- */

static enum status tiles_take(struct basin_ledger *ledger, const char *path)
{
    sqlite3_stmt *attach;
    TRY(prepare(ledger, "ATTACH ? AS other", &attach));
    sqlite3_bind_text(attach, 1, path, -1, SQLITE_TRANSIENT);
    const bool attached = sqlite3_step(attach) == SQLITE_DONE;
    sqlite3_finalize(attach);
    if (!attached)
        return ledger_fail(ledger);
    TRY(execute(ledger,
                "INSERT OR IGNORE INTO main.tile SELECT number, cells, sum FROM other.tile"));
    return execute(ledger, "DETACH other");
}

/* Opening the other one compares its parameters, and ends what a kill has left in its journal. */
enum status basin_ledger_join(struct basin_ledger *ledger, const char *directory, const char *file,
                              json_t *parameters)
{
    struct basin_ledger *other = NULL;
    char path[FOLDER_PATH_MAX];
    TRY(folder_join(directory, file, sizeof path, path));
    TRY(basin_ledger_resume(directory, file, parameters, &other));
    TRY(basin_ledger_close(other));
    return tiles_take(ledger, path);
}

enum status basin_ledger_count(struct basin_ledger *ledger, size_t *tiles)
{
    return count_rows(ledger, "SELECT count(*) FROM tile INDEXED BY made WHERE number >= 0", tiles);
}

enum status basin_ledger_gap(struct basin_ledger *ledger, size_t tiles, size_t *first, size_t *end)
{
    int code;
    sqlite3_bind_int64(ledger->made, 1, (sqlite3_int64)*end);
    *first = *end;
    while ((code = sqlite3_step(ledger->made)) == SQLITE_ROW &&
           (size_t)sqlite3_column_int64(ledger->made, 0) == *first)
        ++*first;
    *end = code == SQLITE_ROW ? (size_t)sqlite3_column_int64(ledger->made, 0) : tiles;
    sqlite3_reset(ledger->made);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return ledger_fail(ledger);
    return *first <= *end && *end <= tiles
               ? OK
               : status_fail(BAD_DATA, "%s: its list of tiles is damaged%s", ledger->path, REMEDY);
}

static sqlite3_int64 sum_of(size_t number, size_t size, const void *cells)
{
    return (sqlite3_int64)((uint64_t)number << SUM_BITS | crc32_z(crc32(0, NULL, 0), cells, size));
}

enum status basin_ledger_save(struct basin_ledger *ledger, size_t tile, size_t size,
                              const void *cells)
{
    enum { SUM = 3 }; /* place of the sum */
    sqlite3_bind_int64(ledger->save, 1, (sqlite3_int64)tile);
    sqlite3_bind_blob64(ledger->save, 2, cells, size, SQLITE_STATIC);
    sqlite3_bind_int64(ledger->save, SUM, sum_of(tile, size, cells));
    const int code = sqlite3_step(ledger->save);
    sqlite3_reset(ledger->save);
    sqlite3_clear_bindings(ledger->save);
    return code == SQLITE_DONE ? OK : ledger_fail(ledger);
}

static enum status cells_take(struct basin_ledger *ledger, size_t tile, size_t size, void *cells)
{
    const int code = sqlite3_step(ledger->load);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return ledger_fail(ledger);
    if (code == SQLITE_DONE)
        return status_fail(BAD_DATA, "%s: tile %zu is missing", ledger->path, tile);
    const void *found = sqlite3_column_blob(ledger->load, 0);
    const size_t length = (size_t)sqlite3_column_bytes(ledger->load, 0);
    if (!found || length != size)
        return status_fail(BAD_DATA, "%s: tile %zu has %zu bytes, not %zu", ledger->path, tile,
                           length, size);
    if (sqlite3_column_int64(ledger->load, 1) != sum_of(tile, size, found))
        return status_fail(BAD_DATA, "%s: tile %zu is damaged%s", ledger->path, tile, REMEDY);
    memcpy(cells, found, size);
    return OK;
}

enum status basin_ledger_load(struct basin_ledger *ledger, size_t tile, size_t size, void *cells)
{
    sqlite3_bind_int64(ledger->load, 1, (sqlite3_int64)tile);
    const enum status status = cells_take(ledger, tile, size, cells);
    sqlite3_reset(ledger->load);
    return status;
}

/* ---- batches ---- */

static enum status batch_prepare(struct basin_ledger *ledger, const char *sql,
                                 const struct basin_ledger_batch *batch, sqlite3_stmt **statement)
{
    TRY(prepare(ledger, sql, statement));
    sqlite3_bind_text(*statement, 1, batch->list, -1, SQLITE_STATIC);
    sqlite3_bind_int64(*statement, 2, (sqlite3_int64)batch->number);
    return OK;
}

enum status basin_ledger_batch_save(struct basin_ledger *ledger,
                                    const struct basin_ledger_batch *batch, const void *cells)
{
    enum { CELLS = 3, SUM = 4 }; /* places */
    sqlite3_stmt *statement;
    TRY(batch_prepare(ledger, "INSERT OR REPLACE INTO batch VALUES (?, ?, ?, ?)", batch,
                      &statement));
    sqlite3_bind_blob64(statement, CELLS, cells, batch->size, SQLITE_STATIC);
    sqlite3_bind_int64(statement, SUM, sum_of(batch->number, batch->size, cells));
    const int code = sqlite3_step(statement);
    sqlite3_finalize(statement);
    return code == SQLITE_DONE ? OK : ledger_fail(ledger);
}

enum status basin_ledger_batch_load(struct basin_ledger *ledger,
                                    const struct basin_ledger_batch *batch, void *cells,
                                    bool *found)
{
    sqlite3_stmt *statement;
    TRY(batch_prepare(ledger, "SELECT cells, sum FROM batch WHERE list = ? AND number = ?", batch,
                      &statement));
    const int code = sqlite3_step(statement);
    const void *bytes = code == SQLITE_ROW ? sqlite3_column_blob(statement, 0) : NULL;
    *found = bytes && (size_t)sqlite3_column_bytes(statement, 0) == batch->size &&
             sqlite3_column_int64(statement, 1) == sum_of(batch->number, batch->size, bytes);
    if (*found)
        memcpy(cells, bytes, batch->size);
    sqlite3_finalize(statement);
    return code == SQLITE_ROW || code == SQLITE_DONE ? OK : ledger_fail(ledger);
}
