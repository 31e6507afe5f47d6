/* How long until the hunter finds what is known to be false, from the published words alone?
 *
 * Each hunt has the default budget of `settle hunt`, 60 s and two threads; the bar is that it finds
 * and confirms a violation within it.  Then the corrected statements beside them, with a small
 * number of evaluations: nothing may be found. */
#include "proofs-check/hunt.h"

#include <stdio.h>

enum { CORRECTED_EVALUATIONS = 2000 };
static const double BAR = 60; /* seconds */

static const char *const published[] = {
    "t2-sign-change-published",
    "t11-published",
    "arbp-deep-published",
    "t3-published",
    "tanh-minimum",
    "planted-window",
    "planted-sign",
    "planted-depth",
};
static const char *const corrected[] = {"t2-sign-change", "t2-converges", "t3-converges",
                                        "t4-converges", "t4-congruent-srbp"};
#define COUNT(array) (sizeof(array) / sizeof *(array))

static int hunt_one(const char *id, size_t evaluations, enum hunt_verdict expected)
{
    struct hunted *hunted = hunt_create();
    struct hunt_plan plan = hunt_defaults();
    plan.evaluations = evaluations;
    const enum status status = hunted ? hunt(id, &plan, hunted) : NO_MEMORY;
    const bool found = status == OK && hunted->verdict == HUNT_FOUND;
    const bool good =
        status == OK && hunted->verdict == expected && (!found || hunted->found_seconds <= BAR);
    if (found)
        printf("  %-26s found by %-20s after %6zu instances, %6.2f s; shrunk after %6.2f s\n", id,
               hunt_phase_title(hunted->by), hunted->found_after, hunted->found_seconds,
               hunted->seconds);
    else if (status == OK)
        printf("  %-26s nothing in %zu instances, %.2f s; below %.2g\n", id, hunted->evaluations,
               hunted->seconds, hunted->measure_below);
    else
        printf("  %-26s %s\n", id, status_message());
    hunt_free(hunted);
    return !good;
}

int main(void)
{
    int faults = 0;
    printf("hunt: published and planted statements, budget %g s, two threads\n", BAR);
    for (size_t k = 0; k < COUNT(published); k++)
        faults += hunt_one(published[k], 0, HUNT_FOUND);
    printf("hunt: corrected statements, %d evaluations\n", CORRECTED_EVALUATIONS);
    for (size_t k = 0; k < COUNT(corrected); k++)
        faults += hunt_one(corrected[k], CORRECTED_EVALUATIONS, HUNT_NOTHING);
    printf("%s\n", faults ? "not as expected" : "all as expected");
    return faults > 0;
}
