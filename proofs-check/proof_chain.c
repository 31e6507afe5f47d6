/* Proofs about A[1,...,1] for all data at once.
 *
 * One step of the recursion, in letters that stand for any layer, is what holds for every depth;
 * the depths up to 24 are then written out, the first five with all their terms, so that the
 * argument by induction is also seen at work.  A hypothesis enters as a sign or as the kind of a
 * layer; controls change it and nothing else.  Statements: notes/universal.md, (UN2)-(UN4). */
#include "exact/leading.h"
#include "proofs-check/theorem.h"

#include <stdio.h>
#include <string.h>

enum { DEPTH_WRITTEN = 24, DEPTH_PATTERNS = 8, KINDS = 3 };

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- one layer, of any chain ---- */

/* U is a letter that moves at the rate 1: the chain rule does the rest. */
static const struct identity_field clock_field = {.letters = "U a c", .unknowns = 1, .rate = {"1"}};

/* (UN2): l s^d is the leading term of U, x = c of a moving layer, a(0) of a silent one. */
static const struct proof_fact layer_facts[] = {
    {"every layer: dU_(i+1)/ds = a_i dU_i/ds, so that da_i/ds = c_i a_1 ... a_(i-1)", NULL,
     &clock_field, "U*(a + 1/2*c*U)", "a + c*U"},
    {"a moving layer: U_(i+1) has the leading term (c/2) l^2 s^(2d), and its derivative is that of "
     "U_i "
     "times a_i",
     "l d x", NULL, "2*d*(1/2*x*l^2)", "(d*l)*(x*l)"},
    {"a silent layer: U_(i+1) has the leading term a(0) l s^d, and its derivative is that of U_i "
     "times "
     "a_i",
     "l d x", NULL, "d*(x*l)", "(d*l)*x"},
    {"the top layer: P has the leading coefficient c_L times d l^2, with the degree 2d - 1",
     "l d x", NULL, "(d*l)*(x*l)", "x*d*l^2"},
};

static void show_layer(struct proof *proof)
{
    proof_facts(proof, COUNT(layer_facts), layer_facts);
}

/* ---- depths written out ---- */

/* What is claimed of the leading term of one depth. */
typedef bool leading_claim(const enum leading_layer *layer, const struct leading *P);

/* The leading term of P, found in two ways, or NULL if these differ; leading_free() it. */
static enum status leading_twice(const enum leading_layer *layer, size_t L, struct leading **P)
{
    struct leading *second;
    *P = NULL;
    TRY(leading_create(L, &second));
    enum status status = leading_create(L, P);
    if (status == OK)
        status = leading_of_weights(layer, *P);
    if (status == OK && !(*P)->is_zero) /* the clock of a dead layer stands still */
        status = leading_of_clock(layer, second);
    if (status != OK || (!(*P)->is_zero && !leading_equal(*P, second))) {
        leading_free(*P);
        *P = NULL;
    }
    leading_free(second);
    return status;
}

static bool has_top_times_square(const enum leading_layer *layer, const struct leading *P)
{
    return leading_is_top_times_square(layer, P);
}

static bool has_closed_form(const enum leading_layer *layer, const struct leading *P)
{
    (void)layer;
    return leading_is_closed_form(P);
}

static bool has_full_degree(const enum leading_layer *layer, const struct leading *P)
{
    (void)layer;
    return !P->is_zero && fmpz_get_ui(P->degree) == ((ulong)1 << P->L) - 1;
}

/* False on purpose. */
static bool has_printed_degree(const enum leading_layer *layer, const struct leading *P)
{
    (void)layer;
    return fmpz_get_ui(P->degree) == 2 * P->L - 1;
}

/* False on purpose: one zero less. */
static bool has_smaller_degree(const enum leading_layer *layer, const struct leading *P)
{
    (void)layer;
    return fmpz_get_ui(P->degree) < ((ulong)1 << P->L) - 1;
}

/* "c1^8388608*...*c24/2^(16777191)": the first factor and the last; short[PROOF_CLAIM_MAX] */
static const char *shortened(const char *text, char *shorter)
{
    const char *first = strchr(text, '*'), *last = strrchr(text, '*');
    if (first == last)
        snprintf(shorter, PROOF_CLAIM_MAX, "%s", text);
    else
        snprintf(shorter, PROOF_CLAIM_MAX, "%.*s*...%s", (int)(first - text), text, last);
    return shorter;
}

static void show_depth(const struct leading *P, const enum leading_layer *layer, bool holds,
                       struct proof *proof)
{
    char *text = leading_text(layer, P), shorter[PROOF_CLAIM_MAX];
    if (P->L <= LEADING_EXPANDED_MOST)
        proof_step(proof, holds && leading_agrees_with_expansion(layer, P),
                   "L = %zu: P = %s s^%lu + ..., and so says the expansion of all terms", P->L,
                   text, fmpz_get_ui(P->degree));
    else
        proof_step(proof, holds, "L = %zu: P = %s s^%lu + ...", P->L, shortened(text, shorter),
                   fmpz_get_ui(P->degree));
    flint_free(text);
}

static enum status show_depths(leading_claim *claim, struct proof *proof)
{
    static const enum leading_layer layer[DEPTH_WRITTEN] = {LEADING_MOVES};
    for (size_t L = 1; L <= DEPTH_WRITTEN; L++) {
        struct leading *P;
        TRY(leading_twice(layer, L, &P));
        if (P)
            show_depth(P, layer, claim(layer, P), proof);
        else
            proof_step(proof, false, "L = %zu: weights and clock agree", L);
        leading_free(P);
    }
    return OK;
}

/* ---- converges ---- */

/* Signs that the hypotheses give: of c_L and of beta. */
struct signs {
    int top, beta;
};

/* G = alpha - beta P has an odd degree: G(+infinity) has the sign of -beta c_L. */
static void show_ends(struct signs signs, struct proof *proof)
{
    const int far = -signs.beta * signs.top;
    proof_step(
        proof, far < 0,
        "e -> -infinity for s -> infinity and e -> infinity for s -> -infinity, as beta c_L > 0 "
        "and the degree is odd: e has a zero in both directions");
}

static enum status show_convergence(struct signs signs, struct proof *proof)
{
    show_layer(proof);
    TRY(show_depths(has_top_times_square, proof));
    show_ends(signs, proof);
    return OK;
}

static enum status converges(const struct theorem *theorem, struct proof *proof)
{
    (void)theorem;
    return show_convergence((struct signs){.top = 1, .beta = 1}, proof);
}

static enum status converges_with_wrong_top(const struct theorem *theorem, struct proof *proof)
{
    (void)theorem;
    return show_convergence((struct signs){.top = -1, .beta = 1}, proof);
}

const struct proof_method proof_chain_converges = {
    .gives = VERDICT_PROVED,
    .label = "UN3",
    .scope = "all alpha, all starts, all c_i != 0, beta > 0, c_L > 0; every L, L <= 24 written out",
    .prove = converges,
    .without = "c_L < 0",
    .control = converges_with_wrong_top,
};

/* The same argument, where more is said than that a trajectory converges. */
const struct proof_method proof_chain_zero_ahead = {
    .gives = VERDICT_PROVED,
    .label = "UN3",
    .scope = "all alpha, all starts, all c_i != 0, all positive rates, beta > 0, c_L > 0; every L, "
             "L <= 24 written out",
    .prove = converges,
    .without = "c_L < 0",
    .control = converges_with_wrong_top,
};

/* ---- zeros among the feedback weights ---- */

/* Pattern number `index` of the layers below the top, in base KINDS; the top layer moves. */
static void set_pattern(size_t index, size_t L, enum leading_layer *layer)
{
    for (size_t i = 0; i + 1 < L; i++) {
        layer[i] = (enum leading_layer)(index % KINDS);
        index /= KINDS;
    }
    layer[L - 1] = LEADING_MOVES;
}

static bool has_dead_layer(const enum leading_layer *layer, size_t L)
{
    for (size_t i = 0; i < L; i++)
        if (layer[i] == LEADING_DEAD)
            return true;
    return false;
}

/* With a dead layer P vanishes; else it is as if no c_i were zero. */
static bool pattern_holds(const enum leading_layer *layer, const struct leading *P)
{
    const bool expanded = P->L >= LEADING_EXPANDED_MOST || leading_agrees_with_expansion(layer, P);
    return expanded &&
           (has_dead_layer(layer, P->L) ? P->is_zero : leading_is_top_times_square(layer, P));
}

/* False on purpose: dead layers do no harm. */
static bool pattern_is_harmless(const enum leading_layer *layer, const struct leading *P)
{
    return leading_is_top_times_square(layer, P);
}

/* How many patterns of one depth are as claimed. */
static enum status try_patterns(size_t L, leading_claim *claim, size_t *patterns, size_t *holding)
{
    enum leading_layer layer[DEPTH_PATTERNS] = {LEADING_MOVES};
    *patterns = 1;
    *holding = 0;
    for (size_t i = 1; i < L; i++)
        *patterns *= KINDS;
    for (size_t index = 0; index < *patterns; index++) {
        struct leading *P;
        set_pattern(index, L, layer);
        TRY(leading_twice(layer, L, &P));
        *holding += P && claim(layer, P);
        leading_free(P);
    }
    return OK;
}

static enum status show_patterns(leading_claim *claim, struct proof *proof)
{
    for (size_t L = 1; L <= DEPTH_PATTERNS; L++) {
        size_t patterns, holding;
        TRY(try_patterns(L, claim, &patterns, &holding));
        proof_step(
            proof, holding == patterns,
            "L = %zu: in %zu of %zu patterns of moving, silent and dead layers P vanishes if "
            "one is dead, else has c_L times a square",
            L, holding, patterns);
    }
    return OK;
}

/* Below the first dead layer p the weights that move are polynomials of positive degree. */
static enum status below_dead_layer(size_t p, bool *moves)
{
    enum leading_layer layer[DEPTH_WRITTEN] = {LEADING_MOVES};
    struct leading *a;
    layer[p] = LEADING_DEAD;
    TRY(leading_create(p + 1, &a));
    *moves = true;
    enum status status = OK;
    for (size_t j = 0; j < p && status == OK; j++) {
        status = leading_of_weight(layer, j, a);
        *moves = *moves && !a->is_zero && fmpz_equal_ui(a->degree, (ulong)1 << j);
    }
    leading_free(a);
    return status;
}

static enum status show_growth(struct proof *proof)
{
    for (size_t p = 1; p < DEPTH_WRITTEN; p++) {
        bool moves = false;
        TRY(below_dead_layer(p, &moves));
        proof_step(proof, moves,
                   "layer %zu is the first dead one: a_j has the degree 2^(j-1), j < %zu", p + 1,
                   p + 1);
    }
    return OK;
}

static enum status zeros(const struct theorem *theorem, struct proof *proof)
{
    (void)theorem;
    show_layer(proof);
    TRY(show_patterns(pattern_holds, proof));
    show_ends((struct signs){.top = 1, .beta = 1}, proof);
    return show_growth(proof);
}

static enum status zeros_are_harmless(const struct theorem *theorem, struct proof *proof)
{
    (void)theorem;
    return show_patterns(pattern_is_harmless, proof);
}

const struct proof_method proof_chain_zeros = {
    .gives = VERDICT_PROVED,
    .label = "UN4",
    .scope =
        "all data, beta > 0, c_L > 0, any of the other c_i zero; every L, all patterns of zeros "
        "to L = 8",
    .prove = zeros,
    .without = "dead layers are allowed, and convergence claimed",
    .control = zeros_are_harmless,
};

/* ---- growth below a dead layer ---- */

static enum status growth(const struct theorem *theorem, struct proof *proof)
{
    (void)theorem;
    show_layer(proof);
    TRY(show_patterns(pattern_holds, proof));
    return show_growth(proof);
}

/* No layer is dead: e is not alpha for ever. */
static enum status growth_without_dead_layer(const struct theorem *theorem, struct proof *proof)
{
    (void)theorem;
    static const enum leading_layer layer[DEPTH_PATTERNS] = {LEADING_MOVES};
    struct leading *P;
    TRY(leading_twice(layer, DEPTH_PATTERNS, &P));
    proof_step(proof, P && P->is_zero, "P vanishes, so that e = alpha for ever");
    leading_free(P);
    return OK;
}

const struct proof_method proof_chain_growth = {
    .gives = VERDICT_PROVED,
    .label = "UN4",
    .scope = "all alpha != 0, all starts; every L, the first dead layer to p = 24 written out",
    .prove = growth,
    .without = "a dead layer",
    .control = growth_without_dead_layer,
};

/* ---- the degree, and what it bounds ---- */

static enum status degree(const struct theorem *theorem, struct proof *proof)
{
    (void)theorem;
    show_layer(proof);
    TRY(show_depths(has_full_degree, proof));
    return show_patterns(pattern_holds, proof); /* zeros only lower it */
}

static enum status smaller_degree(const struct theorem *theorem, struct proof *proof)
{
    (void)theorem;
    return show_depths(has_smaller_degree, proof);
}

const struct proof_method proof_chain_degree = {
    .gives = VERDICT_PROVED,
    .label = "UN3",
    .scope = "all data; a polynomial of degree n has at most n zeros; every L, L <= 24 written out",
    .prove = degree,
    .without = "false conclusion: one less",
    .control = smaller_degree,
};

/* ---- the leading coefficient in closed form ---- */

/* (L2): division by c_1^(2^L - 1), since s = (a_1 - a_1(0))/c_1. */
static enum status closed_form(const struct theorem *theorem, struct proof *proof)
{
    (void)theorem;
    show_layer(proof);
    return show_depths(has_closed_form, proof);
}

static enum status printed_degree(const struct theorem *theorem, struct proof *proof)
{
    (void)theorem;
    return show_depths(has_printed_degree, proof);
}

const struct proof_method proof_chain_leading = {
    .gives = VERDICT_PROVED,
    .label = "UN2",
    .scope = "all c_i != 0, all starts; every L, L <= 24 written out",
    .prove = closed_form,
    .without = "false conclusion: degree 2L - 1",
    .control = printed_degree,
};

/* ---- no cycles: first integrals that leave a polynomial curve ---- */

/* Neighbours a, b with the weights c, d; A is the product of the weights below a. */
static const struct identity_field neighbours = {
    .letters = "a b A e c d", .unknowns = 2, .rate = {"c*A*e", "d*(A*a)*e"}};
static const struct identity_field neighbours_with_decay = {
    .letters = "a b A e c d lambda",
    .unknowns = 2,
    .rate = {"c*A*e - lambda*a", "d*(A*a)*e - lambda*b"}};

static const struct proof_fact cycle_facts[] = {
    {"every layer: the orbit is the polynomial curve of the clock, which is periodic only if it is "
     "constant",
     NULL, &clock_field, "U*(a + 1/2*c*U)", "a + c*U"},
    {"every pair of neighbours: c_i a_(i+1) - c_(i+1) a_i^2/2 is conserved", NULL, &neighbours,
     "c*b - 1/2*d*a^2", "0"},
};
static const struct proof_fact cycle_false[] = {
    {"with decay: c_i a_(i+1) - c_(i+1) a_i^2/2 is conserved", NULL, &neighbours_with_decay,
     "c*b - 1/2*d*a^2", "0"},
};

const struct proof_method proof_chain_cycles = {
    .gives = VERDICT_PROVED,
    .label = "UN2",
    .scope = "all data and every L, without decay",
    .prove = proof_by_facts,
    .without = "weight decay",
    .control = proof_without_facts,
    .fact = cycle_facts,
    .facts = COUNT(cycle_facts),
    .without_fact = cycle_false,
    .without_facts = COUNT(cycle_false),
};
