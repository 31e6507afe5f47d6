/* All data are `any`, so that the premise is little more than the depth. */
#include "exact/certificate_leading.h"

static enum status write(const struct premise *premise, const struct leading *P,
                         struct certificate *c)
{
    TRY(certificate_open(
        &(struct certificate_head){
            .premise = premise,
            .kind = "leading-coefficient",
            .sentence = "for positive beta and a positive leading weight every trajectory with "
                        "non-zero feedback converges",
            .data = CERTIFICATE_ANY},
        c));
    certificate_line(c, "degree");
    certificate_integer(c, P->degree);
    certificate_end_line(c);
    certificate_line(c, "coefficient");
    certificate_integer(c, P->halvings);
    for (size_t i = 0; i < P->L; i++)
        certificate_integer(c, P->exponent + i);
    certificate_end_line(c);
    return certificate_close(c);
}

enum status certificate_leading(const struct leading *P, struct certificate *c)
{
    if (P->L + 1 > PROBLEM_SIZES_MAX) {
        certificate_none("too many layers", c);
        return OK;
    }
    fmpq *ones = _fmpq_vec_init((slong)P->L);
    struct premise premise = {.family = "chain",
                              .rule = PREMISE_SRBP,
                              .layers = P->L,
                              .dim = P->L,
                              .feedback_count = P->L,
                              .rate_count = P->L,
                              .rates = ones};
    for (size_t i = 0; i <= P->L; i++)
        premise.sizes[i] = 1;
    for (size_t i = 0; i < P->L; i++)
        fmpq_one(ones + i);
    const enum status status = write(&premise, P, c);
    _fmpq_vec_clear(ones, (slong)P->L);
    return status;
}
