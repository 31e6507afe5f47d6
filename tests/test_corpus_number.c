/* Numbers and lists, as the fuzzer has left them: tests/fuzz/fuzz_number.c. */
#include "tests/corpus.h"

static void the_corpus_is_read_or_refused(void **state)
{
    (void)state;
    corpus_run("tests/fuzz/number", 20, 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_corpus_is_read_or_refused)};
    return cmocka_run_group_tests_name("corpus of number", tests, NULL, NULL);
}
