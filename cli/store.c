/* The store of a verification, on SQLite.
 *
 * SQLite is the ledger because a kill at any moment leaves it whole.  Statements are prepared with
 * placeholders; NaN is stored as NULL, which is also what SQLite makes of it.  The seed is stored
 * as text: 64 unsigned bits do not fit SQLite's signed integers.  Rejected: appending to a text
 * file, which needs its own recovery. */
#include "cli/store.h"

#include "base/folder.h"
#include "cli/options.h"

#include <inttypes.h>
#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

enum { PATH_LENGTH = 4096, SEED_LENGTH = 24, STREAM_LENGTH = 24, PATIENCE_MILLISECONDS = 5000 };

struct store {
    sqlite3 *database;
    char path[PATH_LENGTH];
};

static const char SCHEMA[] =
    "CREATE TABLE IF NOT EXISTS run (seed TEXT, trials INTEGER, sweep INTEGER, recheck REAL,"
    " confidence REAL, method TEXT, rtol REAL, atol REAL, horizon REAL, steps_most INTEGER);"
    "CREATE TABLE IF NOT EXISTS theorem (id TEXT PRIMARY KEY, verdict TEXT, recorded TEXT,"
    " trials INTEGER, instances INTEGER, failures INTEGER, undecided INTEGER, trajectories "
    "INTEGER, worst REAL,"
    " bound REAL, failure_measure_below REAL, witness TEXT, reason TEXT, control TEXT,"
    " control_reason TEXT, seconds REAL, proof TEXT, proved_by TEXT, proof_steps INTEGER,"
    " proof_gap TEXT, proof_control_fails INTEGER, proof_seconds REAL, certificate TEXT,"
    " exact INTEGER, exact_agree INTEGER, exact_disagree INTEGER, exact_distance REAL);"
    "CREATE TABLE IF NOT EXISTS trajectory (theorem TEXT, trial INTEGER, finding TEXT,"
    " ending TEXT, t REAL, deviation REAL, measured REAL, expected REAL, residual REAL,"
    " transverse_rate REAL, distance_bound REAL, drift REAL, clock REAL, steps INTEGER,"
    " reason TEXT, exact TEXT, PRIMARY KEY (theorem, trial)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS sample (theorem TEXT PRIMARY KEY, seed TEXT, stream TEXT,"
    " starts INTEGER, settled INTEGER, both INTEGER, open INTEGER, disagreements INTEGER,"
    " distance REAL, not_agreed_below REAL, control_fails INTEGER);"
    "CREATE TABLE IF NOT EXISTS start (theorem TEXT, trial INTEGER, sweeper TEXT,"
    " sweeper_finding TEXT, referee TEXT, referee_finding TEXT, agreement TEXT, distance REAL,"
    " PRIMARY KEY (theorem, trial)) WITHOUT ROWID;"
    "CREATE VIEW IF NOT EXISTS verdicts AS"
    " SELECT start.*, seed, stream FROM start JOIN sample USING (theorem);"
    "CREATE TABLE IF NOT EXISTS digest (theorem TEXT PRIMARY KEY, sum INTEGER) WITHOUT ROWID;"
    "PRAGMA user_version = 5"; /* LAYOUT */

/* Of the tables; 1 had no sweeps and no number, 2 and 3 no proofs, 4 no digests. */
static const int LAYOUT = 5;

static const char *const finding_names[] = {
    [FINDING_HOLDS] = "holds", [FINDING_FAILS] = "fails", [FINDING_UNDECIDED] = "undecided"};

static const char *const agreement_names[] = {[VERIFY_ONE_METHOD] = NULL,
                                              [VERIFY_AGREE] = "agree",
                                              [VERIFY_OPEN] = "open",
                                              [VERIFY_DISAGREE] = "disagree"};

static enum status store_fail(const struct store *store)
{
    return status_fail(STORE_FAILED, "%s: %s", store->path,
                       store->database ? sqlite3_errmsg(store->database) : "out of memory");
}

static enum status execute(struct store *store, const char *sql)
{
    if (sqlite3_exec(store->database, sql, NULL, NULL, NULL) != SQLITE_OK)
        return store_fail(store);
    return OK;
}

static enum status prepare(struct store *store, const char *sql, sqlite3_stmt **statement)
{
    if (sqlite3_prepare_v2(store->database, sql, -1, statement, NULL) != SQLITE_OK)
        return store_fail(store);
    return OK;
}

/* Runs a statement that gives no rows, and makes it ready for the next values. */
static enum status step_and_reset(struct store *store, sqlite3_stmt *statement)
{
    int code = sqlite3_step(statement);
    if (code != SQLITE_DONE)
        return store_fail(store);
    sqlite3_reset(statement);
    return OK;
}

/* --- binding values, in the order of the columns ---------------------------------------- */

static void bind_text(sqlite3_stmt *statement, int *column, const char *text)
{
    ++*column;
    if (text && *text)
        sqlite3_bind_text(statement, *column, text, -1, SQLITE_TRANSIENT);
    else
        sqlite3_bind_null(statement, *column);
}

static void bind_number(sqlite3_stmt *statement, int *column, double value)
{
    sqlite3_bind_double(statement, ++*column, value); /* NaN becomes NULL */
}

static void bind_count(sqlite3_stmt *statement, int *column, size_t count)
{
    sqlite3_bind_int64(statement, ++*column, (sqlite3_int64)count);
}

/* --- the parameters of the run ---------------------------------------------------------- */

static const char *seed_text(const struct verify_plan *plan, char text[SEED_LENGTH])
{
    snprintf(text, SEED_LENGTH, "%" PRIu64, plan->seed);
    return text;
}

static void bind_plan(sqlite3_stmt *statement, const struct verify_plan *plan)
{
    int column = 0;
    char seed[SEED_LENGTH];
    bind_text(statement, &column, seed_text(plan, seed));
    bind_count(statement, &column, plan->trials);
    bind_count(statement, &column, plan->sweep); /* VERIFY_OWN: -1 */
    bind_number(statement, &column, plan->recheck);
    bind_number(statement, &column, plan->confidence);
    bind_text(statement, &column, options_method_name(plan->plan.method));
    bind_number(statement, &column, plan->plan.rtol);
    bind_number(statement, &column, plan->plan.atol);
    bind_number(statement, &column, plan->plan.horizon);
    bind_count(statement, &column, plan->plan.steps_most);
}

static enum status plan_save(struct store *store, const struct verify_plan *plan)
{
    sqlite3_stmt *statement;
    TRY(prepare(store, "INSERT INTO run VALUES (?,?,?,?,?,?,?,?,?,?)", &statement));
    bind_plan(statement, plan);
    enum status status = step_and_reset(store, statement);
    sqlite3_finalize(statement);
    return status;
}

/* How many rows of `run` are there, and how many of them are this plan? */
static enum status plan_count(struct store *store, const struct verify_plan *plan, int *rows,
                              int *same)
{
    sqlite3_stmt *statement;
    TRY(prepare(store,
                "SELECT count(*), coalesce(sum(seed = ? AND trials = ? AND sweep = ? AND "
                "recheck = ? AND confidence = ? AND method = ? AND rtol = ? AND atol = ? AND "
                "horizon = ? AND "
                "steps_most = ?), 0) FROM run",
                &statement));
    bind_plan(statement, plan);
    bool stepped = sqlite3_step(statement) == SQLITE_ROW;
    if (stepped) {
        *rows = sqlite3_column_int(statement, 0);
        *same = sqlite3_column_int(statement, 1);
    }
    sqlite3_finalize(statement);
    return stepped ? OK : store_fail(store);
}

static enum status plan_check(struct store *store, const struct verify_plan *plan)
{
    int rows = 0, same = 0;
    TRY(plan_count(store, plan, &rows, &same));
    if (rows == 0)
        return plan_save(store, plan);
    if (same == 0)
        return status_fail(BAD_ARGUMENT,
                           "--resume: %s was made with another seed, number of trials, "
                           "sweep or tolerance; give the same ones or another --out",
                           store->path);
    return OK;
}

/* --- opening and closing ---------------------------------------------------------------- */

/* Tables of another program would be filled wrongly. */
static enum status layout_fits(struct store *store, bool *fits)
{
    sqlite3_stmt *statement;
    TRY(prepare(store,
                "SELECT user_version, (SELECT count(*) FROM sqlite_master) FROM "
                "pragma_user_version",
                &statement));
    const bool stepped = sqlite3_step(statement) == SQLITE_ROW;
    *fits = stepped &&
            (sqlite3_column_int(statement, 0) == LAYOUT || sqlite3_column_int(statement, 1) == 0);
    sqlite3_finalize(statement);
    return stepped ? OK : store_fail(store);
}

static enum status layout_check(struct store *store)
{
    bool fits = false;
    TRY(layout_fits(store, &fits));
    return fits ? OK
                : status_fail(BAD_ARGUMENT,
                              "--resume: %s was made by another version of settle; "
                              "give another --out",
                              store->path);
}

static enum status store_set_up(struct store *store, const struct verify_plan *plan)
{
    sqlite3_busy_timeout(store->database, PATIENCE_MILLISECONDS);
    TRY(execute(store, "PRAGMA journal_mode = WAL"));
    TRY(execute(store, "PRAGMA synchronous = NORMAL"));
    TRY(layout_check(store));
    TRY(execute(store, SCHEMA));
    return plan_check(store, plan);
}

static enum status store_open(struct store *store, const struct verify_plan *plan)
{
    if (sqlite3_open(store->path, &store->database) != SQLITE_OK)
        return store_fail(store);
    return store_set_up(store, plan);
}

enum status store_resume(const char *directory, const struct verify_plan *plan,
                         struct store **store)
{
    struct store *made = calloc(1, sizeof *made);
    if (!made)
        return status_fail(NO_MEMORY, "no memory for the store");
    enum status status = folder_join(directory, STORE_FILE, sizeof made->path, made->path);
    if (status == OK)
        status = store_open(made, plan);
    if (status == OK) {
        *store = made;
        return OK;
    }
    sqlite3_close(made->database);
    free(made);
    return status;
}

enum status store_create(const char *directory, const struct verify_plan *plan,
                         struct store **store)
{
    static const char *const files[] = {STORE_FILE, STORE_FILE "-wal", STORE_FILE "-shm"};
    char path[PATH_LENGTH];
    for (size_t k = 0; k < sizeof files / sizeof *files; k++) {
        TRY(folder_join(directory, files[k], sizeof path, path));
        unlink(path); /* an old store that cannot be removed will refuse the new rows */
    }
    return store_resume(directory, plan, store);
}

enum status store_close(struct store *store)
{
    if (!store)
        return OK;
    enum status status = OK;
    if (sqlite3_close(store->database) != SQLITE_OK)
        status = store_fail(store);
    free(store);
    return status;
}

/* --- saving ----------------------------------------------------------------------------- */

/* NULL throughout: the record has no exact proof. */
static void bind_proof(sqlite3_stmt *statement, int *column, const struct summary *summary)
{
    const struct verify_proof *proof = &summary->proof;
    const bool has_proof = summary->theorem->proof != NULL;
    bind_text(statement, column, has_proof ? verdict_name(proof->verdict) : NULL);
    bind_text(statement, column, summary_proved_by(summary));
    bind_count(statement, column, proof->steps);
    bind_text(statement, column, proof->gap);
    bind_count(statement, column, proof->control_fails);
    bind_number(statement, column, has_proof ? proof->seconds : NAN);
    bind_text(statement, column, summary->certificate);
}

static void bind_exact(sqlite3_stmt *statement, int *column, const struct verify_exact *exact)
{
    bind_count(statement, column, exact->asked);
    bind_count(statement, column, exact->agree);
    bind_count(statement, column, exact->disagree);
    bind_number(statement, column, exact->distance);
}

static enum status summary_insert(struct store *store, const struct summary *summary)
{
    sqlite3_stmt *statement;
    int column = 0;
    TRY(prepare(
        store, "INSERT INTO theorem VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        &statement));
    bind_text(statement, &column, summary->theorem->id);
    bind_text(statement, &column, verdict_name(summary->verdict));
    bind_text(statement, &column, verdict_name(summary->theorem->recorded));
    bind_count(statement, &column, summary->trials);
    bind_count(statement, &column, summary->instances);
    bind_count(statement, &column, summary->failures);
    bind_count(statement, &column, summary->undecided);
    bind_count(statement, &column, summary->trajectories);
    bind_number(statement, &column, summary->worst);
    bind_number(statement, &column, summary->theorem->bound);
    bind_number(statement, &column, summary->failure_measure_below);
    bind_text(statement, &column, summary->witness);
    bind_text(statement, &column, summary->reason);
    bind_text(statement, &column, verdict_name(summary->control));
    bind_text(statement, &column, summary->control_reason);
    bind_number(statement, &column, summary->seconds);
    bind_proof(statement, &column, summary);
    bind_exact(statement, &column, &summary->exact);
    enum status status = step_and_reset(store, statement);
    sqlite3_finalize(statement);
    return status;
}

static void bind_row(sqlite3_stmt *statement, const char *theorem, const struct verify_row *row)
{
    int column = 0;
    bind_text(statement, &column, theorem);
    bind_count(statement, &column, row->index);
    bind_text(statement, &column, finding_names[row->finding]);
    bind_text(statement, &column, row->ran ? ending_name(row->ending) : NULL);
    const double numbers[] = {
        row->t,        row->deviation,       row->measured,       row->expected,
        row->residual, row->transverse_rate, row->distance_bound, row->drift,
        row->clock};
    for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
        bind_number(statement, &column, numbers[k]);
    bind_count(statement, &column, row->steps);
    bind_text(statement, &column, row->reason);
    bind_text(statement, &column,
              row->exact.answer == ORACLE_NOT_ASKED ? NULL : ending_name(row->exact.ending));
}

static enum status rows_insert(struct store *store, const struct verified *verified)
{
    sqlite3_stmt *statement;
    enum status status = OK;
    TRY(prepare(store, "INSERT INTO trajectory VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
                &statement));
    for (size_t k = 0; status == OK && k < verified->rows; k++) {
        bind_row(statement, verified->theorem->id, &verified->row[k]);
        status = step_and_reset(store, statement);
    }
    sqlite3_finalize(statement);
    return status;
}

static enum status sample_insert(struct store *store, const struct summary *summary)
{
    sqlite3_stmt *statement;
    int column = 0;
    TRY(prepare(store, "INSERT INTO sample SELECT ?, seed, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM run",
                &statement));
    char key[STREAM_LENGTH];
    snprintf(key, sizeof key, "%016" PRIx64, stream_key(summary->theorem->id));
    const struct verify_sample *sample = &summary->sample;
    bind_text(statement, &column, summary->theorem->id);
    bind_text(statement, &column, key);
    const size_t counts[] = {sample->starts, sample->settled, sample->both, sample->open,
                             sample->disagreements};
    for (size_t k = 0; k < sizeof counts / sizeof *counts; k++)
        bind_count(statement, &column, counts[k]);
    bind_number(statement, &column, sample->distance);
    bind_number(statement, &column, sample->not_agreed_below);
    bind_count(statement, &column, sample->control_fails);
    enum status status = step_and_reset(store, statement);
    sqlite3_finalize(statement);
    return status;
}

/* What one method says; NULL where it says nothing. */
struct verdict_of_method {
    bool given;
    enum ending ending;
    enum finding finding;
};

static void bind_verdict(sqlite3_stmt *statement, int *column,
                         const struct verdict_of_method *verdict)
{
    bind_text(statement, column, verdict->given ? ending_name(verdict->ending) : NULL);
    bind_text(statement, column, verdict->given ? finding_names[verdict->finding] : NULL);
}

static void bind_start(sqlite3_stmt *statement, const char *theorem,
                       const struct verify_start *start)
{
    int column = 0;
    bind_text(statement, &column, theorem);
    bind_count(statement, &column, start->index);
    const struct verdict_of_method sweeper = {start->swept, start->by_sweeper,
                                              start->sweeper_finds};
    const struct verdict_of_method referee = {start->refereed, start->by_referee,
                                              start->referee_finds};
    bind_verdict(statement, &column, &sweeper);
    bind_verdict(statement, &column, &referee);
    bind_text(statement, &column, agreement_names[start->agreement]);
    bind_number(statement, &column, start->distance);
}

static enum status starts_insert(struct store *store, const struct verified *verified)
{
    sqlite3_stmt *statement;
    enum status status = OK;
    TRY(prepare(store, "INSERT INTO start VALUES (?,?,?,?,?,?,?,?)", &statement));
    for (size_t k = 0; status == OK && k < verified->sample.rows; k++) {
        bind_start(statement, verified->theorem->id, &verified->sample.row[k]);
        status = step_and_reset(store, statement);
    }
    sqlite3_finalize(statement);
    return status;
}

/* --- digests ------------------------------------------------------------------------------ */

/* The value of a column as it lies in memory, behind its type and length. */
static uLong value_add(uLong sum, sqlite3_stmt *statement, int column)
{
    const int type = sqlite3_column_type(statement, column);
    const sqlite3_int64 whole = sqlite3_column_int64(statement, column);
    const double number = sqlite3_column_double(statement, column);
    const void *bytes = type == SQLITE_INTEGER ? (const void *)&whole : &number;
    size_t length = type == SQLITE_NULL ? 0 : sizeof number;
    if (type == SQLITE_TEXT || type == SQLITE_BLOB) {
        bytes = sqlite3_column_blob(statement, column);
        length = (size_t)sqlite3_column_bytes(statement, column);
    }
    const uint64_t head[] = {(uint64_t)type, length};
    sum = crc32_z(sum, (const Bytef *)head, sizeof head);
    return bytes && length ? crc32_z(sum, bytes, length) : sum;
}

static enum status rows_add(struct store *store, const char *sql, const char *theorem, uLong *sum)
{
    sqlite3_stmt *statement;
    int column = 0, code;
    TRY(prepare(store, sql, &statement));
    bind_text(statement, &column, theorem);
    while ((code = sqlite3_step(statement)) == SQLITE_ROW)
        for (int k = 0; k < sqlite3_column_count(statement); k++)
            *sum = value_add(*sum, statement, k);
    sqlite3_finalize(statement);
    return code == SQLITE_DONE ? OK : store_fail(store);
}

/* CRC-32 of all that the store has of a theorem. */
static enum status digest_compute(struct store *store, const char *theorem, sqlite3_int64 *sum)
{
    static const char *const queries[] = {
        "SELECT * FROM theorem WHERE id = ?",
        "SELECT * FROM trajectory WHERE theorem = ? ORDER BY trial",
        "SELECT * FROM sample WHERE theorem = ?",
        "SELECT * FROM start WHERE theorem = ? ORDER BY trial"};
    uLong all = crc32(0, NULL, 0);
    for (size_t k = 0; k < sizeof queries / sizeof *queries; k++)
        TRY(rows_add(store, queries[k], theorem, &all));
    *sum = (sqlite3_int64)all;
    return OK;
}

static enum status digest_insert(struct store *store, const char *theorem)
{
    sqlite3_stmt *statement;
    sqlite3_int64 sum = 0;
    int column = 0;
    TRY(digest_compute(store, theorem, &sum));
    TRY(prepare(store, "INSERT INTO digest VALUES (?,?)", &statement));
    bind_text(statement, &column, theorem);
    bind_count(statement, &column, (size_t)sum);
    const enum status status = step_and_reset(store, statement);
    sqlite3_finalize(statement);
    return status;
}

/* The digest on record; *found: there is one. */
static enum status digest_find(struct store *store, const char *theorem, sqlite3_int64 *sum,
                               bool *found)
{
    sqlite3_stmt *statement;
    int column = 0;
    TRY(prepare(store, "SELECT sum FROM digest WHERE theorem = ?", &statement));
    bind_text(statement, &column, theorem);
    const int code = sqlite3_step(statement);
    *found = code == SQLITE_ROW;
    *sum = *found ? sqlite3_column_int64(statement, 0) : 0;
    sqlite3_finalize(statement);
    return code == SQLITE_ROW || code == SQLITE_DONE ? OK : store_fail(store);
}

/* Is what is there what was saved?  A theorem that is not there must have no digest, either. */
static enum status digest_check(struct store *store, const char *theorem, bool is_there)
{
    sqlite3_int64 saved = 0, now = 0;
    bool found = false;
    TRY(digest_find(store, theorem, &saved, &found));
    TRY(digest_compute(store, theorem, &now));
    const bool sound = is_there ? found && saved == now : !found && now == 0;
    return sound ? OK
                 : status_fail(BAD_DATA,
                               "%s: what it has of %s is damaged; without --resume all is "
                               "verified anew",
                               store->path, theorem);
}

static enum status all_insert(struct store *store, const struct summary *summary,
                              const struct verified *verified)
{
    TRY(summary_insert(store, summary));
    TRY(rows_insert(store, verified));
    if (summary->sample.starts > 0) {
        TRY(sample_insert(store, summary));
        TRY(starts_insert(store, verified));
    }
    TRY(digest_insert(store, summary->theorem->id));
    return execute(store, "COMMIT");
}

enum status store_save(struct store *store, const struct summary *summary,
                       const struct verified *verified)
{
    TRY(execute(store, "BEGIN IMMEDIATE"));
    enum status status = all_insert(store, summary, verified);
    if (status != OK)
        sqlite3_exec(store->database, "ROLLBACK", NULL, NULL, NULL);
    return status;
}

/* --- reading ---------------------------------------------------------------------------- */

static double column_number(sqlite3_stmt *statement, int column)
{
    if (sqlite3_column_type(statement, column) == SQLITE_NULL)
        return NAN;
    return sqlite3_column_double(statement, column);
}

static size_t column_count(sqlite3_stmt *statement, int column)
{
    return (size_t)sqlite3_column_int64(statement, column);
}

static void column_text(sqlite3_stmt *statement, int column, size_t size, char *text)
{
    const unsigned char *value = sqlite3_column_text(statement, column);
    snprintf(text, size, "%s", value ? (const char *)value : "");
}

static enum verdict column_verdict(sqlite3_stmt *statement, int column)
{
    char name[REASON_MAX];
    column_text(statement, column, sizeof name, name);
    for (int verdict = VERDICT_PROVED; verdict <= VERDICT_REFUTED; verdict++)
        if (strcmp(verdict_name((enum verdict)verdict), name) == 0)
            return (enum verdict)verdict;
    return VERDICT_UNDECIDED;
}

/* In the order of summary_read(). */
#define SUMMARY_COLUMNS                                                                            \
    "verdict, trials, failures, undecided, trajectories, worst, "                                  \
    "failure_measure_below, witness, reason, control, control_reason, seconds, "                   \
    "instances, starts, settled, both, open, disagreements, distance, "                            \
    "not_agreed_below, control_fails, "                                                            \
    "proof, proof_steps, proof_gap, proof_control_fails, proof_seconds, certificate, "             \
    "theorem.exact, exact_agree, exact_disagree, exact_distance"

enum { SUMMARY_COUNT = 31 };

static void summary_read(sqlite3_stmt *statement, struct summary *summary)
{
    summary->verdict = column_verdict(statement, 0);
    summary->trials = column_count(statement, 1);
    summary->failures = column_count(statement, 2);
    summary->undecided = column_count(statement, 3);
    summary->trajectories = column_count(statement, 4);
    summary->worst = column_number(statement, 5);
    summary->failure_measure_below = column_number(statement, 6);
    column_text(statement, 7, sizeof summary->witness, summary->witness);
    column_text(statement, 8, sizeof summary->reason, summary->reason);
    summary->control = column_verdict(statement, 9);
    column_text(statement, 10, sizeof summary->control_reason, summary->control_reason);
    summary->seconds = column_number(statement, 11);
    summary->instances = column_count(statement, 12);
    struct verify_sample *sample = &summary->sample; /* NULL counts as 0 */
    sample->starts = column_count(statement, 13);
    sample->settled = column_count(statement, 14);
    sample->both = column_count(statement, 15);
    sample->open = column_count(statement, 16);
    sample->disagreements = column_count(statement, 17);
    sample->distance = column_number(statement, 18);
    sample->not_agreed_below = column_number(statement, 19);
    sample->control_fails = column_count(statement, 20) > 0;
    struct verify_proof *proof = &summary->proof;
    proof->verdict = column_verdict(statement, 21);
    proof->steps = column_count(statement, 22);
    column_text(statement, 23, sizeof proof->gap, proof->gap);
    proof->control_fails = column_count(statement, 24) > 0;
    proof->seconds = column_number(statement, 25);
    column_text(statement, 26, sizeof summary->certificate, summary->certificate);
    summary->exact = (struct verify_exact){.asked = column_count(statement, 27),
                                           .agree = column_count(statement, 28),
                                           .disagree = column_count(statement, 29),
                                           .distance = column_number(statement, 30)};
}

enum status store_find(struct store *store, const struct theorem *theorem, struct summary *summary,
                       bool *found)
{
    sqlite3_stmt *statement;
    int column = 0;
    TRY(prepare(store,
                "SELECT " SUMMARY_COLUMNS
                " FROM theorem LEFT JOIN sample ON theorem = id WHERE id = ?",
                &statement));
    bind_text(statement, &column, theorem->id);
    int code = sqlite3_step(statement);
    *found = code == SQLITE_ROW;
    if (*found) {
        *summary = (struct summary){.theorem = theorem};
        summary_read(statement, summary);
    }
    sqlite3_finalize(statement);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return store_fail(store);
    return digest_check(store, theorem->id, *found);
}

enum status store_trials(struct store *store, const char *theorem,
                         void (*take)(void *context, const struct store_trial *trial),
                         void *context)
{
    sqlite3_stmt *statement;
    int column = 0, code;
    TRY(prepare(store,
                "SELECT deviation, measured, expected, transverse_rate FROM trajectory "
                "WHERE theorem = ? ORDER BY trial",
                &statement));
    bind_text(statement, &column, theorem);
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        struct store_trial trial = {.deviation = column_number(statement, 0),
                                    .measured = column_number(statement, 1),
                                    .expected = column_number(statement, 2),
                                    .transverse_rate = column_number(statement, 3)};
        take(context, &trial);
    }
    sqlite3_finalize(statement);
    return code == SQLITE_DONE ? OK : store_fail(store);
}

/* ---- for a report ---------------------------------------------------------------------- */

/* A path as a URI, in which ?, # and % mean something. */
static void uri_write(const char *path, size_t size, char *uri)
{
    static const char digit[] = "0123456789ABCDEF";
    size_t length = (size_t)snprintf(uri, size, "file:%s", *path == '/' ? "//" : "");
    for (; *path && length + sizeof "%00?immutable=1" < size; path++) {
        if (!strchr("?#%", *path)) {
            uri[length++] = *path;
            continue;
        }
        uri[length++] = '%';
        uri[length++] = digit[(unsigned char)*path >> 4]; /* upper half of the byte */
        uri[length++] = digit[*path & 0xF];               /* lower half */
    }
    snprintf(uri + length, size - length, "?immutable=1"); /* no lock, no journal */
}

static enum status read_open(struct store *made)
{
    enum { PERCENT_ENCODED = 3 };
    char uri[PERCENT_ENCODED * PATH_LENGTH + PATH_LENGTH];
    bool fits = false;
    uri_write(made->path, sizeof uri, uri);
    if (sqlite3_open_v2(uri, &made->database, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL) !=
        SQLITE_OK)
        return store_fail(made);
    TRY(layout_fits(made, &fits));
    return fits ? OK
                : status_fail(BAD_DATA, "%s was made by another version of settle", made->path);
}

enum status store_read(const char *directory, struct store **store)
{
    struct store *made = calloc(1, sizeof *made);
    if (!made)
        return status_fail(NO_MEMORY, "no memory for the store");
    enum status status = folder_join(directory, STORE_FILE, sizeof made->path, made->path);
    if (status == OK)
        status = read_open(made);
    if (status == OK) {
        *store = made;
        return OK;
    }
    sqlite3_close(made->database);
    free(made);
    return status;
}

static enum method column_method(sqlite3_stmt *statement, int column)
{
    char name[STORE_LABEL_MAX];
    column_text(statement, column, sizeof name, name);
    for (int method = METHOD_BDF; method <= METHOD_RK8PD; method++)
        if (strcmp(options_method_name((enum method)method), name) == 0)
            return (enum method)method;
    return METHOD_BDF;
}

enum status store_plan(struct store *store, struct verify_plan *plan)
{
    sqlite3_stmt *statement;
    char seed[SEED_LENGTH];
    TRY(prepare(store,
                "SELECT seed, trials, sweep, recheck, confidence, method, rtol, atol, horizon, "
                "steps_most FROM run",
                &statement));
    const int code = sqlite3_step(statement);
    *plan = verify_defaults();
    if (code == SQLITE_ROW) {
        column_text(statement, 0, sizeof seed, seed);
        plan->seed = strtoull(seed, NULL, 10); /* base */
        plan->trials = column_count(statement, 1);
        plan->sweep = column_count(statement, 2);
        plan->recheck = column_number(statement, 3);
        plan->confidence = column_number(statement, 4);
        plan->plan.method = column_method(statement, 5);
        plan->plan.rtol = column_number(statement, 6);
        plan->plan.atol = column_number(statement, 7);
        plan->plan.horizon = column_number(statement, 8);
        plan->plan.steps_most = column_count(statement, 9);
    }
    sqlite3_finalize(statement);
    if (code == SQLITE_DONE)
        return status_fail(STORE_FAILED, "%s: it does not say what it was run with", store->path);
    return code == SQLITE_ROW ? OK : store_fail(store);
}

static void row_read(sqlite3_stmt *statement, struct store_row *row)
{
    *row = (struct store_row){.has_proof = false};
    column_text(statement, SUMMARY_COUNT, sizeof row->id, row->id);
    row->recorded = column_verdict(statement, SUMMARY_COUNT + 1);
    row->bound = column_number(statement, SUMMARY_COUNT + 2);
    column_text(statement, SUMMARY_COUNT + 3, sizeof row->proved_by, row->proved_by);
    row->has_proof = sqlite3_column_type(statement, SUMMARY_COUNT + 4) != SQLITE_NULL;
    row->summary.theorem = theorem_by_id(row->id);
    summary_read(statement, &row->summary);
}

static enum status rows_take(struct store *store, sqlite3_stmt *statement,
                             enum status (*take)(void *context, const struct store_row *row),
                             void *context, struct store_row *row)
{
    int code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        row_read(statement, row);
        TRY(take(context, row));
    }
    return code == SQLITE_DONE ? OK : store_fail(store);
}

enum status store_theorems(struct store *store,
                           enum status (*take)(void *context, const struct store_row *row),
                           void *context)
{
    sqlite3_stmt *statement;
    TRY(prepare(store,
                "SELECT " SUMMARY_COLUMNS ", id, recorded, bound, proved_by, proof"
                " FROM theorem LEFT JOIN sample ON theorem = id ORDER BY theorem.rowid",
                &statement));
    struct store_row *row = calloc(1, sizeof *row); /* a witness may be long */
    const enum status status = row ? rows_take(store, statement, take, context, row)
                                   : status_fail(NO_MEMORY, "no memory for a theorem");
    free(row);
    sqlite3_finalize(statement);
    return status;
}

enum status store_worst(struct store *store, const char *theorem, struct store_worst *worst)
{
    sqlite3_stmt *statement;
    int column = 0;
    TRY(prepare(
        store,
        "SELECT trial, deviation, t, ending FROM trajectory WHERE theorem = ? AND "
        "finding = 'holds' AND deviation IS NOT NULL ORDER BY deviation DESC, trial LIMIT 1",
        &statement));
    bind_text(statement, &column, theorem);
    const int code = sqlite3_step(statement);
    *worst = (struct store_worst){.found = code == SQLITE_ROW};
    if (worst->found) {
        worst->trial = column_count(statement, 0);
        worst->deviation = column_number(statement, 1);
        worst->t = column_number(statement, 2);
        column_text(statement, 3, sizeof worst->ending, worst->ending);
    }
    sqlite3_finalize(statement);
    return code == SQLITE_ROW || code == SQLITE_DONE ? OK : store_fail(store);
}
