/* A table of letters is a ring Q[letters]; both sides are read into it and compared.
 *
 * FLINT keeps a polynomial as its sorted list of monomials, which is unique: equal texts or not,
 * two sides are equal exactly if the lists are. */
#include "exact/identity.h"

#include "exact/library.h"

#include <string.h>

enum { LETTER_LENGTH = 16 };

/* Q[letters] */
struct ring {
    fmpq_mpoly_ctx_t context;
    size_t count;
    char text[IDENTITY_LETTERS_MOST][LETTER_LENGTH];
    const char *name[IDENTITY_LETTERS_MOST];
};

static bool ring_begin(struct ring *ring, const char *letters)
{
    ring->count = 0;
    for (const char *at = letters; *at;) {
        const size_t length = strcspn(at, " ");
        if (length == 0 || length >= LETTER_LENGTH || ring->count == IDENTITY_LETTERS_MOST)
            return false;
        memcpy(ring->text[ring->count], at, length);
        ring->text[ring->count][length] = '\0';
        ring->name[ring->count] = ring->text[ring->count];
        ring->count++;
        at += length + strspn(at + length, " ");
    }
    if (ring->count == 0)
        return false;
    fmpq_mpoly_ctx_init(ring->context, (slong)ring->count, ORD_LEX);
    return true;
}

static void ring_end(struct ring *ring)
{
    fmpq_mpoly_ctx_clear(ring->context);
}

/* The place of a letter; count: it is none. */
static size_t ring_place(const struct ring *ring, const char *letter)
{
    size_t i = 0;
    while (i < ring->count && strcmp(ring->name[i], letter) != 0)
        i++;
    return i;
}

static bool ring_read(struct ring *ring, const char *text, fmpq_mpoly_t p)
{
    return fmpq_mpoly_set_str_pretty(p, text, ring->name, ring->context) == 0;
}

/* ---- comparisons inside a ring; p, q, r are room ---- */

struct room {
    fmpq_mpoly_t p, q, r;
};

static void room_begin(struct ring *ring, struct room *room)
{
    fmpq_mpoly_init(room->p, ring->context);
    fmpq_mpoly_init(room->q, ring->context);
    fmpq_mpoly_init(room->r, ring->context);
}

static void room_end(struct ring *ring, struct room *room)
{
    fmpq_mpoly_clear(room->p, ring->context);
    fmpq_mpoly_clear(room->q, ring->context);
    fmpq_mpoly_clear(room->r, ring->context);
}

bool identity_holds(const struct identity *identity)
{
    struct ring ring;
    struct room room;
    if (!ring_begin(&ring, identity->letters))
        return false;
    room_begin(&ring, &room);
    const bool holds = ring_read(&ring, identity->left, room.p) &&
                       ring_read(&ring, identity->right, room.q) &&
                       fmpq_mpoly_equal(room.p, room.q, ring.context);
    room_end(&ring, &room);
    ring_end(&ring);
    return holds;
}

/* p := the sum of d(of)/dx_i rate_i; q and r are room */
static bool derive(struct ring *ring, const struct identity_field *field, const char *of,
                   struct room *room)
{
    fmpq_mpoly_zero(room->p, ring->context);
    for (size_t i = 0; i < field->unknowns; i++) {
        if (!ring_read(ring, of, room->q) || !ring_read(ring, field->rate[i], room->r))
            return false;
        fmpq_mpoly_derivative(room->q, room->q, (slong)i, ring->context);
        fmpq_mpoly_mul(room->q, room->q, room->r, ring->context);
        fmpq_mpoly_add(room->p, room->p, room->q, ring->context);
    }
    return true;
}

bool identity_along(const struct identity_field *field, const char *of, const char *is)
{
    struct ring ring;
    struct room room;
    if (!ring_begin(&ring, field->letters))
        return false;
    room_begin(&ring, &room);
    const bool holds = field->unknowns > 0 && field->unknowns <= ring.count &&
                       derive(&ring, field, of, &room) && ring_read(&ring, is, room.q) &&
                       fmpq_mpoly_equal(room.p, room.q, ring.context);
    room_end(&ring, &room);
    ring_end(&ring);
    return holds;
}

bool identity_resultant(const struct identity *pair, const char *letter, const char *value)
{
    struct ring ring;
    struct room room;
    if (!ring_begin(&ring, pair->letters))
        return false;
    room_begin(&ring, &room);
    const size_t place = ring_place(&ring, letter);
    const bool holds = place < ring.count && ring_read(&ring, pair->left, room.p) &&
                       ring_read(&ring, pair->right, room.q) &&
                       fmpq_mpoly_resultant(room.r, room.p, room.q, (slong)place, ring.context) &&
                       ring_read(&ring, value, room.p) &&
                       fmpq_mpoly_equal(room.p, room.r, ring.context);
    room_end(&ring, &room);
    ring_end(&ring);
    return holds;
}

bool identity_discriminant(const struct identity_discriminant *claim)
{
    struct ring ring;
    struct room room;
    if (!ring_begin(&ring, claim->letters))
        return false;
    room_begin(&ring, &room);
    const size_t place = ring_place(&ring, claim->letter);
    const bool holds = place < ring.count && ring_read(&ring, claim->polynomial, room.p) &&
                       fmpq_mpoly_discriminant(room.r, room.p, (slong)place, ring.context) &&
                       ring_read(&ring, claim->value, room.q) &&
                       fmpq_mpoly_equal(room.q, room.r, ring.context);
    room_end(&ring, &room);
    ring_end(&ring);
    return holds;
}
