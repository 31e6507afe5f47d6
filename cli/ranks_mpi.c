/* Ranks by MPI.
 *
 * Guided scheduling: a helper says that it has room for a run of pieces (WANT, with the time that a
 * piece takes it), rank 0 answers with one (RUN; an empty one: there are no more), and pieces come
 * back as they are done (PIECE).  Runs last about RUN_SECONDS, less towards the end, so that the
 * ranks finish together.  Static shares are rejected: a piece where the referee has to decide takes
 * a thousand times as long as one of lanes, and such pieces lie together.  A rank that fails says
 * why (FAIL), and rank 0 stops all (STOP).  A helper that is through says so (DONE), and listens
 * until rank 0 lets it go (BYE): messages between two ranks keep their order, so nothing is left on
 * the way.
 *
 * On each rank one thread computes, at its desk (ranks_desk.h), and the thread of main()
 * communicates, which MPI_THREAD_FUNNELED allows.  Every wait naps between two looks, for the waits
 * of MPI itself keep a core busy.  An interrupt can come with the loss of a rank; then rank 0 waits
 * for the others for GRACE_SECONDS and leaves: mpirun kills what is left one second after its
 * SIGTERM. */
#include "cli/ranks.h"

#include "base/progress.h"
#include "cli/interrupt.h"
#include "cli/ranks_alone.h"
#include "cli/ranks_desk.h"
#include "cli/ranks_launch.h"

#include <assert.h>
#include <math.h>
#include <mpi.h>
#include <omp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

enum { TAG_WANT = 1, TAG_RUN, TAG_PIECE, TAG_FAIL, TAG_STOP, TAG_DONE, TAG_BYE };
enum { CORES_MOST = 4096, LINE_LENGTH = 8192, NAP_NANOSECONDS = 1000000, DECIMAL = 10 };
enum { ORPHAN_EXIT = 137 }; /* 128 + SIGKILL */

static const double RUN_SECONDS = 0.5;    /* long beside a message, short beside a map */
static const double GRACE_SECONDS = 0.5;  /* of the second that mpirun gives */
static const double LINGER_SECONDS = 0.2; /* in which mpirun, about to end, reads a last message */
static const size_t SHARES = 4;           /* a rank gets at most this part of its share at once */
static const double SLACK = 1e-6;         /* of a core: rounding of sums of 1/n */

/* A failure as it travels. */
struct report {
    int status;
    char message[STATUS_MESSAGE_MAX];
};

/* ---- coming and going ---- */

static bool is_begun(void)
{
    int begun = 0, ended = 0;
    MPI_Initialized(&begun);
    MPI_Finalized(&ended);
    return begun && !ended;
}

size_t ranks_count(void)
{
    int count = 1;
    if (is_begun())
        MPI_Comm_size(MPI_COMM_WORLD, &count);
    return (size_t)count;
}

static int rank_own(void)
{
    int rank = (int)ranks_launch_number();
    if (is_begun())
        MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    return rank;
}

bool ranks_is_helper(void)
{
    return rank_own() > 0;
}

size_t ranks_idle(void)
{
    const size_t count = ranks_launch_count(), tasks = ranks_launch_tasks();
    return (count > tasks ? count : tasks) - 1;
}

/* "Open MPI v4.1.4, package: ..." up to the comma. */
void ranks_library(size_t size, char *text)
{
    char whole[MPI_MAX_LIBRARY_VERSION_STRING] = "";
    int length;
    MPI_Get_library_version(whole, &length);
    snprintf(text, size, "%.*s", (int)strcspn(whole, ",\n"), whole);
}

static void nap(void)
{
    const struct timespec while_away = {.tv_nsec = NAP_NANOSECONDS};
    (void)nanosleep(&while_away, NULL);
}

/* A launcher that was killed kills nobody.  Then its ranks end by themselves, as if killed too,
 * before somebody goes on with their ledger. */
static void *parent_watch(void *context)
{
    (void)context;
    const pid_t parent = getppid();
    while (getppid() == parent)
        nap();
    _exit(ORPHAN_EXIT);
}

static enum status parent_watch_begin(void)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, parent_watch, NULL) != 0)
        return status_fail(NO_MEMORY, "a thread");
    (void)pthread_detach(thread);
    return OK;
}

static void await(MPI_Request *request)
{
    int done = 0;
    for (MPI_Test(request, &done, MPI_STATUS_IGNORE); !done;
         MPI_Test(request, &done, MPI_STATUS_IGNORE))
        nap();
}

enum status ranks_begin(void)
{
    if (!ranks_launch_found() && ranks_launch_tasks() == 1)
        return OK;
    int provided;
    MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &provided);
    if (provided < MPI_THREAD_FUNNELED)
        return status_fail(BAD_ARGUMENT, "this MPI cannot be used by a program with threads");
    if (ranks_count() == 1 && ranks_launch_count() * ranks_launch_tasks() > 1)
        return status_fail(BAD_ARGUMENT,
                           "started as %zu programs that do not know of each other; with srun try "
                           "--mpi=pmix",
                           ranks_launch_count() * ranks_launch_tasks());
    return parent_watch_begin();
}

void ranks_end(void)
{
    if (!is_begun())
        return;
    MPI_Request all;
    int done = 0;
    const double begun = progress_clock();
    while (*interrupt_flag() && !ranks_is_helper() && progress_clock() - begun < LINGER_SECONDS)
        nap();
    MPI_Ibarrier(MPI_COMM_WORLD, &all);
    for (MPI_Test(&all, &done, MPI_STATUS_IGNORE); !done;
         MPI_Test(&all, &done, MPI_STATUS_IGNORE)) {
        if (*interrupt_flag() && progress_clock() - begun > GRACE_SECONDS)
            return; /* somebody will not come any more */
        nap();
    }
    MPI_Finalize();
}

/* ---- agreement ---- */

static void report_fill(struct report *report, enum status status)
{
    char host[MPI_MAX_PROCESSOR_NAME] = "";
    int length;
    MPI_Get_processor_name(host, &length);
    report->status = (int)status;
    if (rank_own() == 0)
        snprintf(report->message, sizeof report->message, "%s", status_message());
    else
        snprintf(report->message, sizeof report->message, "rank %d on %.64s: %.400s", rank_own(),
                 host, status_message());
}

enum status ranks_agree(enum status status)
{
    if (!is_begun())
        return status;
    MPI_Request request;
    const int none = (int)ranks_count(), own = status == OK ? none : rank_own();
    int first = none;
    MPI_Iallreduce(&own, &first, 1, MPI_INT, MPI_MIN, MPI_COMM_WORLD, &request);
    await(&request);
    if (first == none)
        return OK;
    struct report report = {.status = OK};
    if (first == rank_own())
        report_fill(&report, status);
    MPI_Ibcast(&report, (int)sizeof report, MPI_BYTE, first, MPI_COMM_WORLD, &request);
    await(&request);
    return status_fail((enum status)report.status, "%s", report.message);
}

static enum status bytes_compare(const char *what, size_t size, const void *bytes, void *room)
{
    MPI_Request request;
    size_t size_of_0 = size;
    MPI_Ibcast(&size_of_0, (int)sizeof size_of_0, MPI_BYTE, 0, MPI_COMM_WORLD, &request);
    await(&request);
    TRY(ranks_agree(size == size_of_0 && room ? OK
                    : room ? status_fail(BAD_ARGUMENT, "%s: not those of rank 0", what)
                           : status_fail(NO_MEMORY, "%s of %zu bytes", what, size)));
    memcpy(room, bytes, size);
    MPI_Ibcast(room, (int)size, MPI_BYTE, 0, MPI_COMM_WORLD, &request);
    await(&request);
    return ranks_agree(memcmp(room, bytes, size) == 0
                           ? OK
                           : status_fail(BAD_ARGUMENT, "%s: not those of rank 0", what));
}

enum status ranks_agree_on(const char *what, size_t size, const void *bytes)
{
    if (!is_begun())
        return OK;
    void *room = malloc(size + 1);
    const enum status status = bytes_compare(what, size, bytes, room);
    free(room);
    return status;
}

/* ---- cores ---- */

/* Marks the cores of a list such as 0-3,8: those that this process may use. */
static void cores_mark(const char *list, int cores[CORES_MOST])
{
    while (*list) {
        char *end;
        const unsigned long first = strtoul(list, &end, DECIMAL);
        const unsigned long last = *end == '-' ? strtoul(end + 1, &end, DECIMAL) : first;
        for (unsigned long k = first; k <= last && k < CORES_MOST; k++)
            cores[k] = 1;
        if (*end != ',')
            return;
        list = end + 1;
    }
}

/* Of the kernel of Linux; elsewhere, as many as OpenMP sees, which all ranks share. */
static void cores_own(int cores[CORES_MOST])
{
    static const char FIELD[] = "Cpus_allowed_list:\t";
    char line[LINE_LENGTH];
    FILE *file = fopen("/proc/self/status", "r");
    bool found = false;
    while (file && !found && fgets(line, sizeof line, file))
        found = strncmp(line, FIELD, strlen(FIELD)) == 0;
    if (file)
        fclose(file);
    if (found)
        cores_mark(line + strlen(FIELD), cores);
    for (int k = 0; !found && k < omp_get_num_procs() && k < CORES_MOST; k++)
        cores[k] = 1;
}

size_t ranks_threads(void)
{
    const size_t most = (size_t)omp_get_max_threads();
    if (!is_begun())
        return most;
    int own[CORES_MOST] = {0}, users[CORES_MOST] = {0};
    MPI_Comm machine;
    MPI_Request request;
    cores_own(own);
    MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &machine);
    MPI_Iallreduce(own, users, CORES_MOST, MPI_INT, MPI_SUM, machine, &request);
    await(&request);
    MPI_Comm_free(&machine);
    double share = 0;
    for (size_t k = 0; k < CORES_MOST; k++)
        share += own[k] ? 1.0 / users[k] : 0;
    if (getenv("OMP_NUM_THREADS") || share + SLACK >= (double)most)
        return most;
    return share + SLACK >= 1 ? (size_t)(share + SLACK) : 1;
}

/* ---- rank 0 ---- */

struct lead {
    const struct ranks_task *task;
    struct ranks_desk *desk;
    struct ranks_parcel *inbox;
    size_t inbox_bytes;
    size_t left;    /* pieces that nobody has */
    int helpers;    /* that are here */
    bool *is_gone;  /* [ranks] */
    bool told_stop; /* to all of them */
    enum status failed;
    char message[STATUS_MESSAGE_MAX];
};

static void failure_note(struct lead *lead, enum status status)
{
    if (status == OK || lead->failed != OK)
        return;
    lead->failed = status;
    snprintf(lead->message, sizeof lead->message, "%s", status_message());
}

static bool is_stopping(const struct lead *lead)
{
    return lead->failed != OK || *interrupt_flag();
}

/* A run for a rank that needs so many seconds for a piece; 0: nobody knows. */
static struct ranks_run run_choose(struct lead *lead, double pace)
{
    struct ranks_run run = {0};
    if (is_stopping(lead))
        return run;
    const size_t share = lead->left / (SHARES * ranks_count());
    const double enough = pace > 0 ? RUN_SECONDS / pace : 1;
    const double most = fmax(1, fmin(enough, (double)share));
    const enum status status = lead->task->next(lead->task->context, (size_t)most, &run);
    failure_note(lead, status);
    const size_t count = status == OK ? run.end - run.first : 0;
    lead->left -= count < lead->left ? count : lead->left;
    return status == OK ? run : (struct ranks_run){0};
}

/* After a failure pieces still come, and are let go. */
static void piece_save(struct lead *lead, const struct ranks_parcel *parcel, size_t size)
{
    const struct ranks_task *task = lead->task;
    if (lead->failed == OK)
        failure_note(lead, task->save(task->context, parcel->piece, size, parcel->bytes));
}

static void want_answer(struct lead *lead, int rank)
{
    double pace;
    MPI_Recv(&pace, 1, MPI_DOUBLE, rank, TAG_WANT, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    const struct ranks_run run = run_choose(lead, pace);
    MPI_Send(&run, (int)sizeof run, MPI_BYTE, rank, TAG_RUN, MPI_COMM_WORLD);
}

static void piece_receive(struct lead *lead, int rank)
{
    MPI_Status about;
    int size;
    MPI_Recv(lead->inbox, (int)lead->inbox_bytes, MPI_BYTE, rank, TAG_PIECE, MPI_COMM_WORLD,
             &about);
    MPI_Get_count(&about, MPI_BYTE, &size);
    piece_save(lead, lead->inbox, (size_t)size - sizeof *lead->inbox);
}

static void failure_receive(struct lead *lead, int rank)
{
    struct report report;
    MPI_Recv(&report, (int)sizeof report, MPI_BYTE, rank, TAG_FAIL, MPI_COMM_WORLD,
             MPI_STATUS_IGNORE);
    if (report.status == INTERRUPTED)
        interrupt_ask();
    else
        failure_note(lead, status_fail((enum status)report.status, "%s", report.message));
}

static void helper_release(struct lead *lead, int rank)
{
    MPI_Recv(NULL, 0, MPI_BYTE, rank, TAG_DONE, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    MPI_Send(NULL, 0, MPI_BYTE, rank, TAG_BYE, MPI_COMM_WORLD);
    lead->is_gone[rank] = true;
    lead->helpers--;
}

/* One message of a helper; false: there is none. */
static bool message_handle(struct lead *lead)
{
    int found = 0;
    MPI_Status about;
    MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &found, &about);
    if (!found)
        return false;
    switch (about.MPI_TAG) {
    case TAG_WANT:
        want_answer(lead, about.MPI_SOURCE);
        break;
    case TAG_PIECE:
        piece_receive(lead, about.MPI_SOURCE);
        break;
    case TAG_FAIL:
        failure_receive(lead, about.MPI_SOURCE);
        break;
    default:
        helper_release(lead, about.MPI_SOURCE);
        break;
    }
    return true;
}

/* Own pieces to the disk, and a run for the own thread; false: neither was to do. */
static bool desk_serve(struct lead *lead)
{
    size_t size = 0;
    const struct ranks_parcel *parcel = ranks_desk_parcel(lead->desk, &size);
    if (parcel) {
        piece_save(lead, parcel, size);
        ranks_desk_drop(lead->desk);
    }
    failure_note(lead, ranks_desk_status(lead->desk));
    if (!ranks_desk_wants(lead->desk))
        return parcel;
    const struct ranks_run run = run_choose(lead, ranks_desk_pace(lead->desk));
    if (run.first == run.end)
        ranks_desk_close(lead->desk);
    else
        ranks_desk_put(lead->desk, &run);
    return true;
}

static void stop_tell(struct lead *lead)
{
    for (int rank = 1; rank < (int)ranks_count(); rank++)
        if (!lead->is_gone[rank])
            MPI_Send(NULL, 0, MPI_BYTE, rank, TAG_STOP, MPI_COMM_WORLD);
    interrupt_ask(); /* the own thread */
    ranks_desk_close(lead->desk);
    lead->told_stop = true;
}

static void lead_run(struct lead *lead)
{
    double stopped = 0;
    while (lead->helpers > 0 || !ranks_desk_is_done(lead->desk)) {
        if (is_stopping(lead) && !lead->told_stop) {
            stop_tell(lead);
            stopped = progress_clock();
        }
        const bool served = desk_serve(lead);
        if (!message_handle(lead) && !served)
            ranks_desk_wait(lead->desk);
        if (lead->told_stop && lead->failed == OK && ranks_desk_is_done(lead->desk) &&
            progress_clock() - stopped > GRACE_SECONDS)
            return;
    }
}

static enum status lead_compute(struct lead *lead)
{
    const size_t count = ranks_count();
    lead->inbox_bytes = sizeof *lead->inbox + lead->task->bytes_most;
    lead->inbox = malloc(lead->inbox_bytes);
    lead->is_gone = calloc(count, sizeof *lead->is_gone);
    enum status status = OK;
    if (!lead->inbox || !lead->is_gone)
        status = status_fail(NO_MEMORY, "a piece of %zu bytes", lead->inbox_bytes);
    if (status == OK)
        status = ranks_desk_open(lead->task, &lead->desk);
    TRY(ranks_agree(status));
    assert(lead->inbox && lead->is_gone); /* else there is no agreement */
    lead->helpers = (int)count - 1;
    lead_run(lead);
    return lead->failed == OK ? OK : status_fail(lead->failed, "%s", lead->message);
}

/* ---- helpers ---- */

struct help {
    struct ranks_desk *desk;
    bool asked, told_failure, told_done, is_free;
};

/* One message of rank 0; false: there is none. */
static bool order_take(struct help *help)
{
    int found = 0;
    MPI_Status about;
    struct ranks_run run = {0};
    MPI_Iprobe(0, MPI_ANY_TAG, MPI_COMM_WORLD, &found, &about);
    if (!found)
        return false;
    MPI_Recv(&run, (int)sizeof run, MPI_BYTE, 0, about.MPI_TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    help->is_free = about.MPI_TAG == TAG_BYE;
    if (about.MPI_TAG == TAG_STOP)
        interrupt_ask();
    if (run.first < run.end)
        ranks_desk_put(help->desk, &run);
    else
        ranks_desk_close(help->desk);
    help->asked = help->asked && about.MPI_TAG != TAG_RUN;
    return true;
}

static bool parcel_send(struct help *help)
{
    size_t size = 0;
    const struct ranks_parcel *parcel = ranks_desk_parcel(help->desk, &size);
    if (!parcel)
        return false;
    MPI_Send(parcel, (int)(sizeof *parcel + size), MPI_BYTE, 0, TAG_PIECE, MPI_COMM_WORLD);
    ranks_desk_drop(help->desk);
    return true;
}

/* Once: a failure, or that a signal has come to this rank. */
static void failure_tell(struct help *help)
{
    struct report report = {.status = OK};
    enum status status = ranks_desk_status(help->desk);
    if (status == OK && *interrupt_flag())
        status = INTERRUPTED;
    if (status == OK || help->told_failure || help->told_done)
        return;
    report_fill(&report, status);
    MPI_Send(&report, (int)sizeof report, MPI_BYTE, 0, TAG_FAIL, MPI_COMM_WORLD);
    help->told_failure = true;
}

static void want_tell(struct help *help)
{
    if (help->asked || !ranks_desk_wants(help->desk))
        return;
    const double pace = ranks_desk_pace(help->desk);
    MPI_Send(&pace, 1, MPI_DOUBLE, 0, TAG_WANT, MPI_COMM_WORLD);
    help->asked = true;
}

static void done_tell(struct help *help)
{
    if (help->told_done || help->asked || !ranks_desk_is_done(help->desk))
        return;
    MPI_Send(NULL, 0, MPI_BYTE, 0, TAG_DONE, MPI_COMM_WORLD);
    help->told_done = true;
}

static enum status help_compute(const struct ranks_task *task)
{
    struct help help = {.desk = NULL};
    const enum status status = ranks_agree(ranks_desk_open(task, &help.desk));
    if (status != OK) {
        if (help.desk)
            ranks_desk_close(help.desk);
        ranks_desk_free(help.desk);
        return status;
    }
    while (!help.is_free) {
        const bool sent = parcel_send(&help);
        const bool ordered = order_take(&help);
        failure_tell(&help);
        want_tell(&help);
        done_tell(&help);
        if (!sent && !ordered)
            ranks_desk_wait(help.desk);
    }
    const enum status ended = ranks_desk_status(help.desk);
    ranks_desk_free(help.desk);
    return ended;
}

enum status ranks_compute(const struct ranks_task *task)
{
    if (ranks_count() == 1)
        return ranks_alone_compute(task);
    if (ranks_is_helper())
        return help_compute(task);
    struct lead lead = {.task = task, .left = task->missing, .failed = OK};
    const enum status status = lead_compute(&lead);
    if (lead.desk)
        ranks_desk_close(lead.desk);
    ranks_desk_free(lead.desk);
    free(lead.inbox);
    free(lead.is_gone);
    return status;
}
