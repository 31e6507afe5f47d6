/* Any bytes as an .ode file: they are read or refused in one line that begins with the file's name, in
 * bounded time and memory.
 *
 * What is read keeps its promises: formulas that are printed read back to the same node; the Jacobian
 * has a finite number of parts; a flow is made or refused, and gives the same bits for several states
 * at a time as for one.  Run by `make fuzz TARGET=ode`, with libFuzzer and the sanitizers of clang; what it
 * found worth keeping is run again by test_corpus_ode. */
#include "equations/ode_file.h"
#include "tests/fuzz/fuzz.h"

#include <math.h>

enum { LANES_HERE = 19, PRINTED_MOST = 2000, DIM_MOST = 12 };

size_t fuzz_accepted, fuzz_refused;

static void message_look(const char *begin)
{
    const char *message = status_message();
    fuzz_must(*message && !strchr(message, '\n') && strstr(message, begin) == message);
}

/* Printed and read again, a formula is the same node. */
static void text_look(struct equations *e)
{
    for (size_t k = 0; k < e->unknowns; k++) {
        const uint32_t node = e->right[k];
        if (expression_at(e->arena, node)->size > PRINTED_MOST)
            continue;
        char *text = equations_text(e, node);
        fuzz_must(text != NULL);
        const size_t claims = e->claims;
        if (equations_claim_add(e, text, true) == OK)
            fuzz_must(e->claim[claims].node == node);
        else
            fuzz_must(e->claims == claims && expression_arena_status(e->arena) != OK);
        free(text);
        if (expression_arena_status(e->arena) != OK)
            return;
    }
}

static int same_bits(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b));
}

static void flow_look(const struct flow *flow)
{
    const size_t n = flow->dim;
    double x[DIM_MOST * LANES_HERE], dx[DIM_MOST * LANES_HERE], one[DIM_MOST], f[DIM_MOST];
    double J[DIM_MOST * DIM_MOST], g[256];
    if (n > DIM_MOST)
        return;
    for (size_t k = 0; k < n * LANES_HERE; k++)
        x[k] = 0.37 * (double)(k % 7) - 1.1;
    fuzz_must(flow->field(flow, LANES_HERE, x, dx) == OK);
    for (size_t k = 0; k < LANES_HERE; k++) {
        for (size_t i = 0; i < n; i++)
            one[i] = x[i * LANES_HERE + k];
        fuzz_must(flow->field(flow, 1, one, f) == OK);
        for (size_t i = 0; i < n; i++)
            fuzz_must(same_bits(f[i], dx[i * LANES_HERE + k]));
    }
    fuzz_must(flow->jacobian(flow, one, J) == OK);
    flow->rounding(flow, one, f);
    fuzz_must(flow->switches <= sizeof g / sizeof *g);
    if (flow->switches)
        flow->switching(flow, one, g);
}

static void equations_look(struct equations *e)
{
    fuzz_must(e->unknowns > 0 && e->unknowns <= EQUATIONS_UNKNOWNS_MOST);
    fuzz_must(expression_count(e->arena) <= EXPRESSION_NODES_MOST + 1);
    for (size_t k = 0; k < e->unknowns; k++)
        fuzz_must(isfinite(e->unknown[k].value));
    text_look(e);
    struct flow *flow = NULL;
    const struct problem problem = equations_problem(e);
    if (e->system.flow(&problem, &flow) == OK) {
        flow_look(flow);
        flow_free(flow);
    } else {
        message_look("");
    }
}

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
    (void)count;
    (void)arguments;
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct equations *equations = NULL;
    const enum status status =
        ode_file_parse("fuzz.ode", (const char *)bytes, length, &equations);
    fuzz_judge(status);
    if (status != OK) {
        fuzz_must(!equations);
        message_look("fuzz.ode");
        return 0;
    }
    equations_look(equations);
    equations_free(equations);
    return 0;
}
