/* The words for what is known of a statement; exit status and tables are printed from them. */
#ifndef PROOFS_CHECK_VERDICT_H
#define PROOFS_CHECK_VERDICT_H

enum verdict {
    VERDICT_PROVED,    /* exact algebra, for all parameters */
    VERDICT_CERTIFIED, /* rigorous enclosure, for these instances */
    VERDICT_SUPPORTED, /* n trials, no failure */
    VERDICT_UNDECIDED,
    VERDICT_REFUTED, /* a witness exists */
};
const char *verdict_name(enum verdict verdict);

#endif
