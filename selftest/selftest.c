/* Trying the cases of a self-test, and folding what was found.
 *
 * A thread writes into the finding of its case and nowhere else; folding goes through them in their
 * order.  Digests are FNV-1a over 64-bit words: they tell different bits from equal ones. */
#include "selftest/selftest.h"

#include <math.h>
#include <omp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const uint64_t FNV_START = 0xcbf29ce484222325, FNV_PRIME = 0x100000001b3;

#define X(name) &selftest_##name,
const struct selftest *const selftest_registry[] = {SELFTESTS(X) NULL};
#undef X

void selftest_complain(struct selftest_finding *finding, const char *format, ...)
{
    if (finding->failed)
        return;
    finding->failed = true;
    va_list list;
    va_start(list, format);
    vsnprintf(finding->what, sizeof finding->what, format, list);
    va_end(list);
}

void selftest_blame(struct selftest_tally *tally, const char *format, ...)
{
    if (tally->failed++ > 0)
        return;
    va_list list;
    va_start(list, format);
    vsnprintf(tally->first, sizeof tally->first, format, list);
    va_end(list);
}

void selftest_tell(struct selftest_tally *tally, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    vsnprintf(tally->told, sizeof tally->told, format, list);
    va_end(list);
}

static uint64_t mix(uint64_t digest, uint64_t word)
{
    return (digest ^ word) * FNV_PRIME;
}

void selftest_digest(struct selftest_finding *finding, size_t count, const double *value)
{
    for (size_t k = 0; k < count; k++) {
        uint64_t word;
        memcpy(&word, &value[k], sizeof word);
        finding->digest = mix(finding->digest, word);
    }
}

const char *selftest_endings(const struct selftest_tally *tally, size_t size, char *text)
{
    *text = '\0';
    for (int k = 0; k < ENDING_COUNT; k++)
        if (tally->endings[k] > 0) {
            const size_t used = strlen(text);
            snprintf(text + used, size - used, "%s%zu %s", used > 0 ? ", " : "", tally->endings[k],
                     ending_name((enum ending)k));
        }
    return text;
}

size_t selftest_trials(const struct selftest_plan *plan, size_t standard)
{
    return plan->trials > 0 ? plan->trials : standard;
}

/* ---- trying ---- */

static enum status try_one(const struct selftest_plan *plan, const struct selftest_work *work,
                           size_t index, struct selftest_finding *finding)
{
    *finding = (struct selftest_finding){.ending = ENDING_COUNT, .digest = FNV_START};
    if (plan->stop && *plan->stop)
        return status_fail(INTERRUPTED, "interrupted");
    return work->one(work->context, index, finding);
}

static void fold(const struct selftest_finding *finding, struct selftest_tally *tally)
{
    if (finding->failed && tally->failed == 0)
        memcpy(tally->first, finding->what, sizeof tally->first);
    tally->tried++;
    tally->failed += finding->failed;
    tally->agreed += finding->agreed;
    tally->judged += finding->judged;
    if (finding->ending < ENDING_COUNT)
        tally->endings[finding->ending]++;
    if (finding->steps > tally->most_steps)
        tally->most_steps = finding->steps;
    tally->worst = fmax(tally->worst, finding->worst);
    tally->digest = mix(tally->digest, finding->digest);
}

static int threads_of(const struct selftest_plan *plan)
{
    return plan->threads > 0 ? plan->threads : omp_get_max_threads();
}

/* The first failure, in the order of the cases, is told by the calling thread. */
static enum status try_all(const struct selftest_plan *plan, const struct selftest_work *work,
                           struct selftest_finding *finding)
{
    size_t first = work->count;
    enum status status = OK;
    char message[STATUS_MESSAGE_MAX] = "";
#pragma omp parallel for schedule(dynamic) num_threads(threads_of(plan))
    for (size_t k = 0; k < work->count; k++) {
        const enum status mine = try_one(plan, work, k, &finding[k]);
#pragma omp critical(selftest)
        if (mine != OK && k < first) {
            first = k;
            status = mine;
            snprintf(message, sizeof message, "%s", status_message());
        }
    }
    return status == OK ? OK : status_fail(status, "%s", message);
}

enum status selftest_try(const struct selftest_plan *plan, const struct selftest_work *work,
                         struct selftest_tally *tally)
{
    struct selftest_finding *finding = calloc(work->count, sizeof *finding);
    if (!finding)
        return status_fail(NO_MEMORY, "no memory for %zu cases", work->count);
    const enum status status = try_all(plan, work, finding);
    for (size_t k = 0; k < work->count && status == OK; k++)
        fold(&finding[k], tally);
    free(finding);
    return status;
}
